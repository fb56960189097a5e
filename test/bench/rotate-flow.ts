import type { Context, SQSEvent } from "aws-lambda";
import { createSecretVersions } from "../../lambdas/clients/aws/secret-versions.ts";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { vaultTokenKind } from "../../lambdas/clients/vault/rotate/token-kind.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import { Rotate, type Rotation, type RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import type { RotationPorts } from "../../lambdas/domain/rotate/ports.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { READABLE_PATH, ROTATED_TOKEN_ROLE } from "../../local/vault/rotation-setup.ts";
import { type AroundCall, wrap } from "../helpers/port-calls.ts";
import { round } from "./percentile.ts";
import { type Calls, callsOf, type RotateStage, type Took } from "./rotate-stage.ts";

const LOOK_AT_ALL_SECONDS = 300;
const EVERY_SECONDS = 5_400;
/** Batches in work at once, as deployed. */
const MAX_CONCURRENCY = 2;

export interface Limits {
  readonly graceSeconds: number;
  readonly limitSeconds: number;
}

interface Rotated extends Took {
  /** What went to Drover's own table and queue, a token. */
  readonly own: { readonly table: number; readonly queue: number };
  /** What the looks at all, every five minutes, have asked meanwhile, as they do when nothing rotates. */
  readonly watch: Calls;
}

/** Has all be due in the same moment, and lets the handler rotate them until each former one is dead. */
export async function rotateAll(
  stage: RotateStage,
  { graceSeconds, limitSeconds }: Limits,
): Promise<Rotated> {
  const { clock, aws, secrets, counts } = stage;
  const rotations = rotationsOf(secrets, graceSeconds);
  const world = createRotationWorld({ aws, kindOf: kindsOn(stage) });
  const own = { table: 0, queue: 0 };
  const ports = counted(
    { ...world.ports, secrets: createSecretVersions(stage.secretsManager) },
    own,
  );
  const handler = rotateTokensHandler(() => ({ rotations, ports }));
  const took = work(world, (event) => handler(event, {} as Context), aws.region);

  // The first look at each tells how old it is; the one in which they are due comes right now.
  aws.eventBridge.schedule("look", LOOK_AT_ALL_SECONDS, world.queue);
  await clock.advance(EVERY_SECONDS - 1 - LOOK_AT_ALL_SECONDS);
  counts.reset();
  await clock.advance(LOOK_AT_ALL_SECONDS);
  const aLook = callsOf(stage);
  counts.reset();
  Object.assign(own, { table: 0, queue: 0 });
  const before = took.milliseconds;
  const beganAt = clock.now();
  await stage.untilRotated(limitSeconds);
  for (const { name, last } of world.rotations.all()) {
    if (last?.outcome !== "rotated") throw new Error(`${name}: ${last?.why ?? "it has not ended"}`);
  }
  const virtualSeconds = (clock.now().getTime() - beganAt.getTime()) / 1_000;
  const looks = 1 + Math.floor((virtualSeconds - 1) / LOOK_AT_ALL_SECONDS);
  return {
    seconds: (took.milliseconds - before) / 1_000,
    virtualSeconds,
    watch: { vault: looks * aLook.vault, secretsManager: looks * aLook.secretsManager },
    own: { table: round(own.table / secrets.length), queue: round(own.queue / secrets.length) },
  };
}

function rotationsOf(secrets: readonly string[], graceSeconds: number): readonly Rotation[] {
  return Rotate.parse({
    of: secrets.map((secret, n) => ({
      name: `token-${n}`,
      kind: "vault-token",
      role: ROTATED_TOKEN_ROLE,
      testPath: READABLE_PATH,
      secret,
      startedBy: "schedule",
      everySeconds: EVERY_SECONDS,
      graceSeconds,
    })),
  }).of;
}

/** The strategies over one login, counted. */
function kindsOn({ clock, transport, login }: RotateStage): RotationPorts["kindOf"] {
  const session = createVaultSession({
    address: "model:",
    transport,
    retry: { retries: 0 },
    login: appRoleLogin({ credentials: async () => login }),
    clock,
  });
  const kinds = new Map<RotationName, Kind>();
  return (rotation) => {
    if (rotation.kind !== "vault-token") throw new Error("Vault tokens are rotated here");
    const options = { session, rotation, deployment: "bench", clock };
    const kind = kinds.get(rotation.name) ?? vaultTokenKind(options);
    kinds.set(rotation.name, kind);
    return kind;
  };
}

function counted(ports: RotationPorts, own: { table: number; queue: number }): RotationPorts {
  const at =
    (which: keyof typeof own): AroundCall =>
    (carryOut) => {
      own[which] += 1;
      return carryOut();
    };
  return {
    ...ports,
    rotations: wrap(ports.rotations, at("table")),
    journal: wrap(ports.journal, at("table")),
    control: wrap(ports.control, at("table")),
    queue: wrap(ports.queue, at("queue")),
  };
}

/** Works on the queue. @returns the machine's time in which something of it was in work. */
function work(
  { queue }: RotationWorld,
  handle: (event: SQSEvent) => ReturnType<ReturnType<typeof rotateTokensHandler>>,
  region: string,
): { readonly milliseconds: number } {
  const took = { milliseconds: 0 };
  let inWork = 0;
  let since = 0;
  const handler = async (event: SQSEvent) => {
    if (inWork++ === 0) since = performance.now();
    try {
      return await handle(event);
    } finally {
      if (--inWork === 0) took.milliseconds += performance.now() - since;
    }
  };
  const onError = (error: unknown) => {
    throw error;
  };
  new QueuePoller(queue, handler, { region, maxConcurrency: MAX_CONCURRENCY, onError });
  return took;
}
