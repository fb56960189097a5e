import type { Context } from "aws-lambda";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { vaultSecretIdKind } from "../../lambdas/clients/vault/rotate/secret-id-kind.ts";
import { vaultWrappings } from "../../lambdas/clients/vault/rotate/wrappings.ts";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import type { MetricName } from "../../lambdas/contracts/names.ts";
import type { RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsError } from "../../local/aws/aws-error.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import { ROTATED_APP_ROLE, setUpForRotation } from "../../local/vault/rotation-setup.ts";
import { Crash, type Crashes } from "./crash.ts";
import { rotationOf } from "./rotated-thing.ts";
import { aroundAll } from "./rotation-port-calls.ts";

const SECRET = "proxies/vault";
const GROUP = "proxies";
const PATH = "/proxies/vault";
const LOOK_SECONDS = 300;

/** Machines that get the secret id of their AppRole role in wrappings, and log in with it each second. */
export class WrappedRotating {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly vault = new VaultModel(this.clock);
  readonly world: RotationWorld;
  readonly first: string;
  /** Machines that do not fetch what is there for them. */
  readonly idle = new Set<string>();
  /** Machines whose parameters can't be written. */
  readonly refused = new Set<string>();
  /** When parameters were written. */
  readonly writes: Date[] = [];
  /** What went wrong on machines, and for whom. */
  readonly problems: string[] = [];
  readonly #secretIds = new Map<string, string>();
  /** What each machine has opened last, and needs not open again. */
  readonly #opened = new Map<string, string>();
  readonly #rotations: Rotation[] = [];

  /** @param count of the machines. */
  constructor(
    crashes?: Crashes,
    settings: Readonly<Record<string, unknown>> = {},
    { count = 2, holds = true }: { count?: number; holds?: boolean } = {},
  ) {
    const { aws, vault } = this;
    const login = setUpForRotation(vault);
    const session = modelVaultSession(vault, appRoleLogin({ credentials: async () => login }));
    const rotation = this.#rotationOf(settings);
    this.#rotations.push(rotation);
    const kind = vaultSecretIdKind({ session, rotation, deployment: "test" });
    this.world = createRotationWorld({
      aws,
      kindOf: () => kind,
      wrappings: vaultWrappings(session),
    });
    const { secretId } = vault.addSecretId(ROTATED_APP_ROLE);
    this.first = secretId;
    const roleId = this.#role.roleId;
    aws.secrets.create(SECRET, holds ? JSON.stringify({ roleId, secretId }) : undefined);
    const around = crashes?.around;
    const ports = around ? aroundAll(this.world.ports, around) : this.world.ports;
    const handler = rotateTokensHandler(() => ({ rotations: this.#rotations, ports }));
    const invoke = crashes?.invoke ?? ((work) => work());
    const onError = (error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    };
    const call = (event: unknown) => invoke(() => handler(event, {} as Context));
    new QueuePoller(this.world.queue, call, { region: aws.region, onError });
    aws.eventBridge.schedule("look", LOOK_SECONDS, this.world.queue);
    aws.runCommand.execute = ({ instanceId }) => this.#reload(instanceId);
    const machines = Array.from({ length: count }, (_, n) => `i-0000000000000${1_000 + n}`);
    aws.autoScaling.createGroup({ name: GROUP, instances: machines.map((id) => ({ id })) });
    for (const id of machines) aws.managedNodes.startAgent(id);
    this.#everySecond(() => this.#logIn());
    this.#watchParameters();
  }

  /** Has the configuration say something else. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    this.#rotations.splice(0, 1, this.#rotationOf(settings));
  }

  /** Lets each machine have the first one, and begins. */
  async start(): Promise<void> {
    await this.boot();
    const ask = { kind: "start", by: "operator" } as const;
    this.world.queue.send(JSON.stringify({ rotation: "proxies", ask }));
    await this.clock.advance(0);
  }

  /** Lets time pass until the machines there are have what they need. */
  async boot(): Promise<void> {
    await this.clock.until(async () => this.machines().every((id) => this.#secretIds.has(id)), 900);
  }

  async ended(limitSeconds = 3_600): Promise<string | undefined> {
    await this.clock.until(async () => (await this.record())?.last !== undefined, limitSeconds);
    return (await this.record())?.last?.outcome;
  }

  async record(): Promise<RotationRecord | undefined> {
    return this.world.rotations.get("proxies" as RotationRecord["name"]);
  }

  machines(): string[] {
    const { members = [] } = this.aws.autoScaling.findGroup(GROUP) ?? {};
    return [...members.values()].map(({ instanceId }) => instanceId);
  }

  /** What each machine logs in with. */
  inUse(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(this.machines().map((id) => [id, this.#secretIds.get(id)]));
  }

  /** What the secret holds. */
  current(): string {
    return JSON.parse(this.aws.secrets.get(SECRET).value).secretId;
  }

  /** The secret ids for machines that live. */
  living(): string[] {
    return this.#role.secretIds.listed().map(({ secretId }) => secretId);
  }

  /** Has an operator put another secret id into the secret. @returns it. */
  putByHand(): string {
    const { secretId } = this.vault.addSecretId(ROTATED_APP_ROLE);
    this.aws.secrets.put(SECRET, JSON.stringify({ roleId: this.#role.roleId, secretId }));
    return secretId;
  }

  /** The text of a machine's parameter. */
  parameter(id: string): string | undefined {
    return this.aws.parameters.find(`${PATH}/${id}`)?.value;
  }

  /** Opens what waits for a machine, as anybody can who gets hold of it. @returns the secret id. */
  open(id: string): string | undefined {
    const { wrappedSecretId = "" } = JSON.parse(this.parameter(id) ?? "{}");
    const content = this.vault.wrappings.take(wrappedSecretId)?.content;
    return (content as { data: { secret_id: string } } | undefined)?.data.secret_id;
  }

  metric(name: MetricName): number {
    return this.world.counted.get(name) ?? 0;
  }

  history(): string[] {
    return this.world.journal.all().map(({ text }) => text);
  }

  #rotationOf(settings: Readonly<Record<string, unknown>>) {
    return rotationOf("vault-secret-id", {
      name: "proxies",
      role: ROTATED_APP_ROLE,
      secret: SECRET,
      verifySeconds: 600,
      reload: { groups: [GROUP], units: ["proxy"] },
      wrapped: { groups: [GROUP], path: PATH, ttlSeconds: 600 },
      ...settings,
    });
  }

  #watchParameters(): void {
    const { parameters } = this.aws;
    const put = parameters.put.bind(parameters);
    parameters.put = (input) => {
      this.writes.push(this.clock.now());
      if (![...this.refused].some((id) => input.name.endsWith(id))) return put(input);
      throw new AwsError("AccessDeniedException", "not authorized to perform: ssm:PutParameter");
    };
  }

  get #role() {
    const role = this.vault.appRoles.get("approle")?.role(ROTATED_APP_ROLE);
    if (!role) throw new Error("there is no such role");
    return role;
  }

  #reload(id: string) {
    const isWell = this.idle.has(id) || this.#fetch(id);
    return isWell
      ? { exitStatus: 0, output: "== proxy is active" }
      : { exitStatus: 1, output: "== proxy is failed" };
  }

  /** As docs/rotate.md has a machine do it. @returns whether it has what is in its parameter. */
  #fetch(id: string): boolean {
    const text = this.parameter(id) ?? "";
    if (text !== "" && this.#opened.get(id) === text) return true;
    const secretId = this.open(id);
    if (secretId === undefined) return false;
    this.#opened.set(id, text);
    this.#secretIds.set(id, secretId);
    return true;
  }

  /** One that has none tries to get one; the others use theirs. */
  #logIn(): void {
    for (const id of this.machines()) {
      if (!this.#secretIds.has(id) && !this.idle.has(id)) this.#fetch(id);
      const secretId = this.#secretIds.get(id);
      if (!secretId) continue;
      if (this.#role.secretIds.use(secretId)) continue;
      this.problems.push(`${this.clock.now().toISOString()} ${id} is refused`);
    }
  }

  #everySecond(action: () => void): void {
    this.clock.at(plusSeconds(this.clock.now(), 1), () => {
      this.#everySecond(action);
      action();
    });
  }
}
