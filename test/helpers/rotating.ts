import type { Context, SQSBatchResponse } from "aws-lambda";
import { vaultTokenKind } from "../../lambdas/clients/vault/rotate/token-kind.ts";
import { Rotate, type Rotation } from "../../lambdas/contracts/config/rotate.ts";
import type { MetricName } from "../../lambdas/contracts/names.ts";
import type { RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import type { Rotator } from "../../lambdas/domain/rotate/rotator.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { ROTATED_TOKEN_ROLE } from "../../local/vault/rotation-setup.ts";
import { Crash } from "./crash.ts";
import { type AroundCall, directly } from "./port-calls.ts";
import { vaultSession } from "./rotated-in-vault.ts";
import { aroundAll } from "./rotation-port-calls.ts";
import { TokenConsumer } from "./token-consumer.ts";

export const SECRET = "nomad/vault-token";
const LOOK_SECONDS = 300;
const DAY = 86_400;

export interface RotatingOptions {
  readonly rotation?: Readonly<Record<string, unknown>>;
  /** Stands around every call that leaves the function. */
  readonly around?: AroundCall;
  /** Stands around each invocation of the function. */
  readonly invoke?: <R>(handler: () => Promise<R>) => Promise<R>;
  /** From one look to the next. @default 300 */
  readonly lookSeconds?: number;
  /** @default it reads the secret every half minute */
  readonly rereadSeconds?: number;
}

/** A Vault whose token is rotated, and a consumer of that token, in virtual time. */
export class Rotating {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly vault = new VaultModel(this.clock);
  readonly rotation: Rotation;
  readonly world: RotationWorld;
  readonly rotator: Rotator;
  readonly consumer: TokenConsumer;
  /** The token that the secret holds at first. */
  readonly firstToken: string;
  readonly call: (event: unknown) => Promise<SQSBatchResponse | undefined>;

  constructor(options: RotatingOptions = {}) {
    const { around = directly, invoke = (handler) => handler() } = options;
    const session = vaultSession(this.vault, around);
    const [rotation] = Rotate.parse({
      of: [
        {
          name: "vault-token",
          kind: "vault-token",
          role: ROTATED_TOKEN_ROLE,
          secret: SECRET,
          testPath: "secret/data/nomad",
          startedBy: "schedule",
          everySeconds: DAY,
          ...options.rotation,
        },
      ],
    }).of;
    if (rotation?.kind !== "vault-token") throw new Error("it is a Vault token that is rotated");
    this.rotation = rotation;
    const { clock, aws } = this;
    const kind = vaultTokenKind({ session, rotation, deployment: "test", clock });
    this.world = createRotationWorld({ aws, kindOf: () => kind });
    this.rotator = { rotations: [rotation], ports: aroundAll(this.world.ports, around) };
    this.firstToken = this.newToken();
    aws.secrets.create(SECRET, this.firstToken);
    this.consumer = new TokenConsumer(this.vault, aws, SECRET, options.rereadSeconds);
    const handler = rotateTokensHandler(() => this.rotator);
    this.call = (event) => invoke(() => handler(event, {} as Context));
    const onError = (error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    };
    new QueuePoller(this.world.queue, this.call, { region: aws.region, onError });
    aws.eventBridge.schedule("look", options.lookSeconds ?? LOOK_SECONDS, this.world.queue);
  }

  /** Has the rotation begin at once. */
  async start(): Promise<void> {
    const ask = { kind: "start", by: "operator" } as const;
    this.world.queue.send(JSON.stringify({ rotation: this.rotation.name, ask }));
    await this.clock.advance(0);
  }

  /** A token for consumers that Drover has not made. */
  newToken(): string {
    return this.vault.createToken({
      policies: ["default", "user"],
      role: ROTATED_TOKEN_ROLE,
      ttlSeconds: this.vault.tokenRoles.get(ROTATED_TOKEN_ROLE)?.periodSeconds ?? 0,
    });
  }

  /** Has somebody renew a token every four minutes from now on. */
  keepAlive(token: string): void {
    this.at(240, () => {
      const found = this.vault.tokens.find(token);
      if (found) this.vault.tokens.renew(found, 0, true);
      this.keepAlive(token);
    });
  }

  /** Has an operator put another token into the secret. @returns it. */
  putByHand(): string {
    const token = this.newToken();
    this.aws.secrets.put(SECRET, token);
    return token;
  }

  /** One that has the same token as well. @param rereadSeconds @default it never reads another */
  anotherConsumer(rereadSeconds = Number.POSITIVE_INFINITY): TokenConsumer {
    return new TokenConsumer(this.vault, this.aws, SECRET, rereadSeconds);
  }

  async record(): Promise<RotationRecord | undefined> {
    return this.world.rotations.get(this.rotation.name);
  }

  /** Lets time pass until an attempt has ended. @returns how. */
  async ended(limitSeconds?: number): Promise<string | undefined> {
    const before = (await this.record())?.last?.at.getTime();
    const isNew = async () => (await this.record())?.last?.at.getTime() !== before;
    await this.clock.until(isNew, limitSeconds);
    return (await this.record())?.last?.outcome;
  }

  /** The token that the secret holds. */
  currentToken(): string {
    const { value } = this.aws.secrets.get(SECRET);
    return value.startsWith("{") ? JSON.parse(value).token : value;
  }

  /** The tokens for consumers that live: those of the rotated role, and the first. */
  livingTokens(): string[] {
    return this.vault
      .liveTokens()
      .filter(({ policies }) => policies.includes("user"))
      .map(({ id }) => id);
  }

  history(): string[] {
    return this.world.journal.of(this.rotation.name).map(({ text }) => text);
  }

  metric(name: MetricName): number {
    return this.world.counted.get(name) ?? 0;
  }

  /** Everything that Drover has written or told. */
  written(): string {
    const { journal, rotations, queue, deadLetters } = this.world;
    return JSON.stringify([
      journal.all(),
      rotations.all(),
      queue.bodies(),
      deadLetters.bodies(),
      this.world.told(),
    ]);
  }

  /** When so many seconds have passed. */
  at(seconds: number, action: () => unknown): void {
    this.clock.at(plusSeconds(this.clock.now(), seconds), action);
  }
}
