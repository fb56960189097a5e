import type { Context } from "aws-lambda";
import { nomadRootKey } from "../../lambdas/clients/nomad/rotate/root-key.ts";
import { vaultBarrierKey } from "../../lambdas/clients/vault/rotate/barrier-key.ts";
import { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { ROTATION_DETAIL_TYPE, ROTATION_SOURCE } from "../../lambdas/contracts/names.ts";
import type { KeptKey } from "../../lambdas/domain/rotate/kind.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { VirtualClock } from "../../local/clock.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { Crash } from "./crash.ts";
import type { AroundCall } from "./port-calls.ts";
import { directly } from "./port-calls.ts";
import { NOMAD_TROUBLES, nomadSession } from "./rotated-acl-tokens.ts";
import { VAULT_TROUBLES, vaultSession } from "./rotated-in-vault.ts";
import { type RotatedThing, troublesOf } from "./rotated-thing.ts";
import { aroundAll } from "./rotation-port-calls.ts";
import type { ThingRotatingOptions } from "./thing-rotating.ts";

const LOOK_SECONDS = 300;

/** What EventBridge sends when an operator asks for it. */
const ASKED = {
  id: "30000000-0000-4000-8000-000000000001",
  account: "000000000000",
  region: "eu-central-1",
  time: "2026-01-01T00:00:00Z",
  source: ROTATION_SOURCE,
  "detail-type": ROTATION_DETAIL_TYPE,
};

/** A key that a cluster keeps, on a model of it. */
interface KeptThing extends Pick<RotatedThing, "troubles" | "fail" | "loseAnswer"> {
  readonly key: KeptKey;
  /** All keys that open what was ever locked, the newest last. */
  keys(): readonly string[];
}

export const KEPT_KEYS = { "nomad-root-key": rootKey, "vault-barrier-key": barrierKey } as const;
export type KeptKind = keyof typeof KEPT_KEYS;

/** A key that a cluster keeps while it is rotated. */
export class KeptRotating {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly rotation: Rotation;
  readonly thing: KeptThing;
  readonly world: RotationWorld;

  constructor(
    kind: KeptKind,
    { around = directly, requests = around, invoke = directly }: ThingRotatingOptions = {},
  ) {
    const { clock, aws } = this;
    this.rotation = Rotation.parse({ kind, name: "rotated", everySeconds: 86_400 });
    this.thing = KEPT_KEYS[kind](clock, requests);
    this.world = createRotationWorld({ aws, kindOf: () => this.thing.key });
    const ports = aroundAll(this.world.ports, around);
    const handler = rotateTokensHandler(() => ({ rotations: [this.rotation], ports }));
    const call = (event: unknown) => invoke(() => handler(event, {} as Context));
    const onError = (error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    };
    new QueuePoller(this.world.queue, call, { region: aws.region, onError });
    aws.eventBridge.schedule("look", LOOK_SECONDS, this.world.queue);
  }

  /** Has it rotated, and lets time pass until that has ended, and for two looks after that. */
  async rotate(): Promise<void> {
    this.world.queue.send(JSON.stringify({ ...ASKED, detail: { name: this.rotation.name } }));
    const isOver = async () => (await this.record())?.last !== undefined;
    await this.clock.until(isOver, 3_600);
    await this.clock.advance(2 * LOOK_SECONDS);
  }

  async record() {
    return this.world.rotations.get(this.rotation.name);
  }
}

function rootKey(clock: VirtualClock, around: AroundCall): KeptThing {
  const model = new NomadModel(clock);
  return {
    key: nomadRootKey(nomadSession(model, around)),
    keys: () => model.rootKeys.all.map(({ id }) => id),
    ...troublesOf(model.faults, NOMAD_TROUBLES),
  };
}

/** Of a barrier every term up to the newest is kept. */
function barrierKey(clock: VirtualClock, around: AroundCall): KeptThing {
  const model = new VaultModel(clock);
  return {
    key: vaultBarrierKey(vaultSession(model, around)),
    keys: () => Array.from({ length: model.barrier.term }, (_, n) => `${n + 1}`),
    ...troublesOf(model.faults, VAULT_TROUBLES),
  };
}
