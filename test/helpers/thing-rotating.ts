import type { Context, SQSBatchResponse } from "aws-lambda";
import { readCertificates } from "../../lambdas/clients/vault/rotate/certificate.ts";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import type { RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { Crash } from "./crash.ts";
import { type AroundCall, directly } from "./port-calls.ts";
import type { RotatedThing } from "./rotated-thing.ts";
import { ROTATED_THINGS } from "./rotated-things.ts";
import { aroundAll } from "./rotation-port-calls.ts";

const LOOK_SECONDS = 300;
const REREAD_SECONDS = 30;

/** Makes something that is rotated, on models. */
export type MakeThing = (clock: VirtualClock, aws: AwsModel, around: AroundCall) => RotatedThing;

export interface ThingRotatingOptions {
  /** Stands around every call that leaves the function. */
  readonly around?: AroundCall;
  /** Stands around each request to the thing's own server. @default `around` */
  readonly requests?: AroundCall;
  /** Stands around each invocation of the function. */
  readonly invoke?: AroundCall;
}

/** One of Consul's or Nomad's things while it is rotated, and somebody who uses it each second. */
export class ThingRotating {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly thing: RotatedThing;
  readonly world: RotationWorld;
  /** Calls the function, as its queue and Secrets Manager do. */
  readonly call: (event: unknown) => Promise<SQSBatchResponse | undefined>;
  /** What went wrong for who uses it. */
  readonly problems: string[] = [];
  readonly #rotations: Rotation[];
  readonly #kinds = new Map<Rotation, Kind>();
  #used: string | undefined;

  constructor(
    make: keyof typeof ROTATED_THINGS | MakeThing,
    { around = directly, requests = around, invoke = directly }: ThingRotatingOptions = {},
  ) {
    const { clock, aws } = this;
    this.thing =
      typeof make === "string" ? ROTATED_THINGS[make](clock, requests) : make(clock, aws, requests);
    const { rotation, first, variables, agentTokens } = this.thing;
    aws.secrets.create("rotated", first || undefined);
    this.#used = first ? this.#readOf(first) : undefined;
    this.world = createRotationWorld({
      aws,
      kindOf: (rotation) => this.#kinds.get(rotation) ?? this.thing.kind,
      ...(variables && { variables }),
      ...(agentTokens && { agentTokens }),
    });
    this.#rotations = [rotation];
    const rotator = { rotations: this.#rotations, ports: aroundAll(this.world.ports, around) };
    const handler = rotateTokensHandler(() => rotator);
    const onError = (error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    };
    this.call = (event) => invoke(() => handler(event, {} as Context));
    new QueuePoller(this.world.queue, this.call, { region: aws.region, onError });
    aws.eventBridge.schedule("look", LOOK_SECONDS, this.world.queue);
    this.#every(1, () => this.#use());
    this.#every(REREAD_SECONDS, () => {
      this.#used = this.#readOf(this.#secret());
      if (this.#used) this.thing.renew?.(this.#used);
    });
  }

  /** Has the rotation begin, once agents have joined. */
  async start(): Promise<void> {
    await this.clock.advance(5);
    const ask = { kind: "start", by: "operator" } as const;
    this.world.queue.send(JSON.stringify({ rotation: this.thing.rotation.name, ask }));
    await this.clock.advance(0);
  }

  /** Has the configuration say something else. @param kind what that is rotated with. */
  configure(rotation: Rotation, kind = this.thing.kind): void {
    this.#rotations.splice(0, 1, rotation);
    this.#kinds.set(rotation, kind);
  }

  async record(): Promise<RotationRecord | undefined> {
    return this.world.rotations.get(this.thing.rotation.name);
  }

  /** Lets time pass until an attempt has ended. @returns how. */
  async ended(limitSeconds: number): Promise<string | undefined> {
    const isOver = () => this.world.rotations.all().some(({ last }) => last);
    await this.clock.until(isOver, limitSeconds);
    return (await this.record())?.last?.outcome;
  }

  /** What the secret holds. @throws when that is nothing. */
  current(): string {
    const held = this.held();
    if (held === undefined) throw new Error("the secret holds nothing");
    return held;
  }

  /** The same, for a secret that may hold nothing. */
  held(): string | undefined {
    const value = this.#secret();
    if (!value?.startsWith("{")) return value;
    const { token, key, certificate, secretId, ca } = JSON.parse(value);
    return token ?? key ?? certificate ?? secretId ?? (ca && firstOf(ca));
  }

  #secret(): string | undefined {
    const { versions } = this.aws.secrets.secret("rotated");
    return versions.find(({ stages }) => stages.has("AWSCURRENT"))?.value;
  }

  /** What its user goes by. */
  #readOf(secret: string | undefined): string | undefined {
    return secret && this.thing.read ? this.thing.read(secret) : this.held();
  }

  async #use(): Promise<void> {
    const problem = this.#used && (await this.thing.problem(this.#used));
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
