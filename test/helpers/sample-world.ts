import { expect } from "vitest";
import { type HealOptions, HealWorld } from "./heal-world.ts";
import { type Fields, loseTheirLike, putSample } from "./put-sample.ts";
import { type Sweeping, startSweeping } from "./sweeping.ts";

const INSTANCES = 6;
/** A message is in the function's hands by then, and no sweep has been. */
const HEARD_SECONDS = 3;
const ALARMED = "detail.configuration.metrics.0.metricStat.metric.dimensions.InstanceId";

/** The field by which a sample names its instance, if another than most have. */
const NAMED: Readonly<Record<string, (id: string) => Fields>> = {
  "health.json": (id) => ({ "detail.affectedEntities.0.entityValue": id }),
  "status-alarm.json": (id) => ({ [ALARMED]: id }),
  "instance-refresh.json": () => ({}),
};

/** How a sample is put. */
interface Put {
  /** The instance it is about. @default the first */
  readonly about?: string;
  readonly set?: Fields;
  /** @default the account itself */
  readonly account?: string;
  readonly check?: boolean;
}

/**
 * A cluster with all of Drover at work on it, the sweep included. AWS's own events of the samples' kinds get
 * lost: what comes of one comes of the sample alone.
 */
export class SampleWorld extends HealWorld {
  readonly sweeping: Sweeping;

  private constructor(options: HealOptions) {
    super({ instances: INSTANCES, ...options });
    this.sweeping = startSweeping(this);
  }

  /** One in which work runs. */
  static async start(options: HealOptions = {}): Promise<SampleWorld> {
    const world = new SampleWorld(options);
    await world.startWork();
    loseTheirLike(world.cluster);
    return world;
  }

  get aws() {
    return this.cluster.aws;
  }

  /** Puts a file of `examples/events`, and lets Drover hear of it. @throws {UserError} as the CLI does. */
  async put(
    file: string,
    { about = this.first, set = {}, account = this.aws.account, check = true }: Put = {},
  ): Promise<void> {
    const named = NAMED[file]?.(about) ?? { "detail.instance-id": about };
    putSample(this.cluster, file, { account, ...named, ...set }, check);
    await this.clock.advance(HEARD_SECONDS);
  }

  /** Why the first instance is in work. No sweep has told anybody of it. */
  async reason(): Promise<string | undefined> {
    expect(this.sweeping.sent).toEqual([]);
    return (await this.record())?.intents[0]?.reason;
  }

  /** Another instance comes to serve in the place of the first, of which nothing stays. No task is killed. */
  async expectReplaced(limitSeconds = 3_600): Promise<void> {
    const former = this.cluster.nodeId(this.first);
    await this.replaced(this.first, limitSeconds);
    await this.until(() => this.cluster.nomad.node(former) === undefined, 900);
    expect(this.serving()).toHaveLength(this.instances.length);
    expect(this.cluster.killed).toEqual([]);
    expect(this.deadLetters()).toEqual([]);
  }

  /** Everything is, and runs, as if nothing had been put. */
  expectUntouched(): void {
    expect(this.serving()).toEqual(this.instances);
    for (const id of this.instances) expect(this.running(id).length).toBeGreaterThan(0);
    expect(this.cluster.killed).toEqual([]);
    expect([...this.witness.ineligibleAt, ...this.witness.drainBegunAt]).toEqual([]);
    expect(this.restarts()).toEqual([]);
  }

  /** The functions whose queue has given a message up, once for each. */
  deadLetters(): string[] {
    const all = [...this.queuesOf, ["sweep", this.sweeping.queues] as const];
    return all.flatMap(([name, { deadLetters }]) => deadLetters.bodies().map(() => name));
  }
}
