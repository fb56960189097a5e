import type { Context } from "aws-lambda";
import { readCertificates } from "../../lambdas/clients/vault/rotate/certificate.ts";
import type { RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { Crash } from "./crash.ts";
import type { AroundCall } from "./port-calls.ts";
import { ROTATED_THINGS, type RotatedThing } from "./rotated-things.ts";
import { aroundAll } from "./rotation-port-calls.ts";

const LOOK_SECONDS = 300;
const REREAD_SECONDS = 30;

/** Makes something that is rotated, on models. */
export type MakeThing = (clock: VirtualClock, aws: AwsModel) => RotatedThing;

/** One of Consul's or Nomad's things while it is rotated, and somebody who uses it each second. */
export class ThingRotating {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly thing: RotatedThing;
  readonly world: RotationWorld;
  /** What went wrong for who uses it. */
  readonly problems: string[] = [];
  #used: string;

  constructor(
    make: keyof typeof ROTATED_THINGS | MakeThing,
    around: AroundCall = (carryOut) => carryOut(),
    invoke: <R>(handler: () => Promise<R>) => Promise<R> = (handler) => handler(),
  ) {
    const { clock, aws } = this;
    this.thing = typeof make === "string" ? ROTATED_THINGS[make](clock) : make(clock, aws);
    const { rotation, first, variables, agentTokens } = this.thing;
    aws.secrets.create("rotated", first);
    this.#used = this.thing.read?.(first) ?? first;
    this.world = createRotationWorld({
      aws,
      kindOf: () => this.thing.kind,
      ...(variables && { variables }),
      ...(agentTokens && { agentTokens }),
    });
    const rotator = { rotations: [rotation], ports: aroundAll(this.world.ports, around) };
    const handler = rotateTokensHandler(() => rotator);
    const onError = (error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    };
    const call = (event: unknown) => invoke(() => handler(event, {} as Context));
    new QueuePoller(this.world.queue, call, { region: aws.region, onError });
    aws.eventBridge.schedule("look", LOOK_SECONDS, this.world.queue);
    this.#every(1, () => this.#use());
    this.#every(REREAD_SECONDS, () => {
      const { value } = aws.secrets.get("rotated");
      this.#used = this.thing.read?.(value) ?? this.current();
    });
  }

  /** Has the rotation begin, once agents have joined. */
  async start(): Promise<void> {
    await this.clock.advance(5);
    const ask = { kind: "start", by: "operator" } as const;
    this.world.queue.send(JSON.stringify({ rotation: this.thing.rotation.name, ask }));
    await this.clock.advance(0);
  }

  async record(): Promise<RotationRecord | undefined> {
    return this.world.rotations.get(this.thing.rotation.name);
  }

  /** Lets time pass until an attempt has ended. @returns how. */
  async ended(limitSeconds: number): Promise<string | undefined> {
    const isOver = async () => (await this.record())?.last !== undefined;
    await this.clock.until(isOver, limitSeconds);
    return (await this.record())?.last?.outcome;
  }

  /** What the secret holds. */
  current(): string {
    const { value } = this.aws.secrets.get("rotated");
    if (!value.startsWith("{")) return value;
    const { token, key, certificate, ca } = JSON.parse(value);
    return token ?? key ?? certificate ?? firstOf(ca);
  }

  async #use(): Promise<void> {
    const problem = await this.thing.problem(this.#used);
    if (problem) this.problems.push(`${this.clock.now().toISOString()} ${problem}`);
  }

  #every(seconds: number, action: () => unknown): void {
    const again = () => {
      this.clock.at(plusSeconds(this.clock.now(), seconds), again);
      return action();
    };
    this.clock.at(plusSeconds(this.clock.now(), seconds), again);
  }
}

/** The CA that a bundle is of. */
function firstOf(bundle: string): string {
  return readCertificates(bundle)[0]?.toString() ?? "";
}
