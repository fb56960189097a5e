import type { Context } from "aws-lambda";
import { vaultCertificateKind } from "../../lambdas/clients/vault/rotate/certificate-kind.ts";
import { certificatesOf } from "../../lambdas/clients/vault/rotate/certificate-value.ts";
import { leadsTo } from "../../lambdas/clients/vault/rotate/leads-to.ts";
import { issuedBy } from "../../lambdas/contracts/config/issued-by.ts";
import type { OwnTrust } from "../../lambdas/contracts/config/own-trust.ts";
import { Rotate, type Rotation, RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { MetricName } from "../../lambdas/contracts/names.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { ROTATED_PKI_ROLE } from "../../local/vault/rotation-setup.ts";
import { Crash } from "./crash.ts";
import { type AroundCall, directly } from "./port-calls.ts";
import { type RotatedCa, rotatedCa } from "./rotated-ca.ts";
import { aroundAll } from "./rotation-port-calls.ts";

const HOUR = 3_600;
const LOOK_SECONDS = 300;
/** From one certificate to the next. */
const OF_LEAF = 900;
/** A bit less often than consumers have to. */
const REREAD_SECONDS = 100;
const TIMES = { startedBy: "schedule", verifySeconds: 120, graceSeconds: 120 };
const NAMES = { ca: RotationName.parse("ca"), leaf: RotationName.parse("leaf") };

export interface CaRotatingOptions {
  /** Of the CA's rotation. */
  readonly settings?: object;
  readonly around?: AroundCall;
  /** The CAs by which Drover itself knows servers. @default none */
  readonly ownTrust?: readonly OwnTrust[];
  /** From one look to the next. @default 300 */
  readonly lookSeconds?: number;
  readonly invoke?: <R>(handler: () => Promise<R>) => Promise<R>;
}

/** What an agent has read of a secret. */
type Read = Readonly<Record<string, string>>;

/**
 * A CA that is rotated with the certificate that it issues. An agent shows the certificate each second, and two
 * others trust no more than they have read: one in the certificate's secret, the other in the CA's.
 */
export class CaRotating {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly ca: RotatedCa;
  readonly world: RotationWorld;
  /** What went wrong for somebody. */
  readonly problems: string[] = [];
  #hasAgents = true;
  readonly #rotations: Rotation[] = [];
  #shown: Read;
  readonly #trusted: { ofLeaf: Read; ofCa: Read };
  readonly #checked = new Map<string, string | undefined>();

  /** Of a certificate, as an operator has put it into its secret first. */
  static async start(options: CaRotatingOptions = {}): Promise<CaRotating> {
    const world = new CaRotating(options);
    await world.clock.advance(5);
    return world;
  }

  private constructor({ settings = {}, ...options }: CaRotatingOptions) {
    const { around = directly, invoke = directly } = options;
    const { clock, aws } = this;
    const ofCa = { name: "ca", secret: "ca", everySeconds: 3 * OF_LEAF, ...TIMES, ...settings };
    this.ca = rotatedCa(clock, ofCa, around);
    const { rotation, session } = this.ca;
    const [leaf] = Rotate.parse({
      of: [
        {
          ...{ kind: "vault-certificate", name: "leaf", secret: "leaf", everySeconds: OF_LEAF },
          ...{ role: ROTATED_PKI_ROLE, commonName: "server.global.nomad", ttlSeconds: 2 * HOUR },
          ...TIMES,
        },
      ],
    }).of;
    if (leaf?.kind !== "vault-certificate") throw new Error("another kind");
    const ofLeaf = vaultCertificateKind({ session, rotation: leaf, deployment: "test", clock });
    aws.secrets.create("ca", this.ca.first);
    aws.secrets.create("leaf", this.ca.leaf);
    this.#shown = this.#read("leaf");
    this.#trusted = { ofLeaf: this.#read("leaf"), ofCa: this.#read("ca") };
    const rotations = this.#rotations;
    rotations.push(rotation, leaf);
    this.world = createRotationWorld({
      aws,
      kindOf: ({ kind }) => (kind === "vault-ca" ? this.ca.kind : ofLeaf),
      issuedBy: (each) => issuedBy(each, { rotate: { of: rotations } }),
      ...(options.ownTrust && { ownTrust: options.ownTrust }),
    });
    const rotator = { rotations, ports: aroundAll(this.world.ports, around) };
    const handler = rotateTokensHandler(() => rotator);
    const onError = (error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    };
    const call = (event: unknown) => invoke(() => handler(event, {} as Context));
    new QueuePoller(this.world.queue, call, { region: aws.region, onError });
    aws.eventBridge.schedule("look", options.lookSeconds ?? LOOK_SECONDS, this.world.queue);
    this.#every(1, () => this.#connect());
    this.#every(REREAD_SECONDS, () => {
      this.#shown = this.#read("leaf");
    });
    // Not at the same moment: one has what another one lacks.
    this.at(REREAD_SECONDS / 2, () => {
      this.#every(REREAD_SECONDS, () => {
        this.#trusted.ofLeaf = this.#read("leaf");
        this.#trusted.ofCa = this.#read("ca");
      });
    });
  }

  /** Nobody shows or checks anything any more, and nothing is rotated for them: of days that takes the longest. */
  endAgents(): void {
    this.#hasAgents = false;
    this.#rotations.splice(1);
  }

  async record(name: keyof typeof NAMES = "ca") {
    return this.world.rotations.get(NAMES[name]);
  }

  /** Lets time pass until the CA's rotation waits at a step. */
  async untilWaiting(step: string): Promise<void> {
    await this.clock.until(async () => (await this.record())?.waiting?.step === step, 6 * HOUR);
  }

  /** Lets time pass until an attempt to rotate the CA has ended. @returns how. */
  async ended(limitSeconds = 12 * HOUR): Promise<string | undefined> {
    const isOver = async () => (await this.record())?.last !== undefined;
    await this.clock.until(isOver, limitSeconds);
    return (await this.record())?.last?.outcome;
  }

  /** The issuer whose certificate the CA's secret has as the first. */
  current(): string | undefined {
    return this.#read("ca").accessor;
  }

  history(): string[] {
    return this.world.journal.of(NAMES.ca).map(({ text }) => text);
  }

  metric(name: MetricName): number {
    return this.world.counted.get(name) ?? 0;
  }

  /** When so many seconds have passed. */
  at(seconds: number, action: () => unknown): void {
    this.clock.at(plusSeconds(this.clock.now(), seconds), action);
  }

  #read(secret: keyof typeof NAMES): Read {
    return JSON.parse(this.aws.secrets.get(secret).value);
  }

  async #connect(): Promise<void> {
    for (const [who, trusted] of Object.entries(this.#trusted)) {
      const problem =
        this.#refusal(trusted) ?? (await this.ca.refusal(this.#shown.certificate ?? ""));
      if (problem) this.problems.push(`${this.clock.now().toISOString()} ${who}: ${problem}`);
    }
  }

  #refusal({ ca = "" }: Read): string | undefined {
    const what = `${this.#shown.certificate} ${ca}`;
    if (!this.#checked.has(what)) {
      const { own, between, cas = [] } = certificatesOf({ ...this.#shown, ca });
      const isTrusted = leadsTo(own, between, cas, this.clock.now());
      this.#checked.set(what, isTrusted ? undefined : "its CA is not trusted");
    }
    return this.#checked.get(what);
  }

  #every(seconds: number, action: () => unknown): void {
    this.at(seconds, () => {
      if (!this.#hasAgents) return undefined;
      this.#every(seconds, action);
      return action();
    });
  }
}
