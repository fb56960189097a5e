import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { fetchText } from "../../lambdas/clients/aws/secrets.ts";
import { nomadTokenKind } from "../../lambdas/clients/nomad/rotate/token-kind.ts";
import { createWatched } from "../../lambdas/clients/watch/create-watched.ts";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { watchedIn } from "../../lambdas/contracts/config/watched.ts";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import type { MetricName } from "../../lambdas/contracts/names.ts";
import type { WatchItem } from "../../lambdas/contracts/watch-item.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { inProcessClient } from "../../local/aws/http/in-process.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { VirtualClock } from "../../local/clock.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelConsulSession } from "../../local/consul/port.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { modelNomadSession } from "../../local/nomad/port.ts";
import { createRotationWorld, type RotationWorld } from "../../local/rotation-ports.ts";
import { setUpForDrover } from "../../local/vault/drover-setup.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import { testConfig } from "./config.ts";

const LOOK_SECONDS = 300;

/** A cluster whose credentials are looked at every five minutes, in virtual time. */
export class Watching {
  readonly clock = new VirtualClock();
  readonly aws = new AwsModel({ clock: this.clock });
  readonly nomad = new NomadModel(this.clock);
  readonly consul = new ConsulModel(this.clock);
  readonly vault = new VaultModel(this.clock);
  readonly world: RotationWorld;
  readonly #roleId: string;

  /** @param sections of the configuration; with no `rotate`, nothing is rotated. Tokens of Nomad may be. */
  constructor(sections: Partial<ConfigInput>) {
    const { aws } = this;
    const { login, credentials } = setUpForDrover(this.vault);
    this.#roleId = credentials.roleId;
    const config = testConfig({ rotate: {}, ...sections });
    const secrets = new SecretsManagerClient(inProcessClient(aws));
    const access = {
      clock: this.clock,
      text: (secret: string) => fetchText(secrets, secret),
      servers: {
        nomad: async () => modelNomadSession(this.nomad, "none"),
        consul: async () => modelConsulSession(this.consul, "none"),
        vault: async () => modelVaultSession(this.vault, login),
      },
    };
    const watched = watchedIn(config).map((each) => createWatched(each, access));
    const kindOf = (rotation: Rotation) => {
      if (rotation.kind !== "nomad-token") throw new Error("only tokens of Nomad are rotated here");
      const session = modelNomadSession(this.nomad);
      return nomadTokenKind({ session, rotation, deployment: "test", clock: this.clock });
    };
    this.world = createRotationWorld({ aws, kindOf });
    const rotations = config.rotate?.of ?? [];
    const handler = rotateTokensHandler(() => ({ rotations, watched, ports: this.world.ports }));
    const call = (event: unknown) => handler(event, {} as Context);
    new QueuePoller(this.world.queue, call, { region: aws.region });
    aws.eventBridge.schedule("look", LOOK_SECONDS, this.world.queue);
  }

  /** What Drover logs in to Vault with, for so long. @param ttlSeconds 0: it never ends. */
  newLogin(ttlSeconds: number) {
    const { secretId, accessor } = this.vault.addSecretId("drover", { ttlSeconds });
    return { text: JSON.stringify({ roleId: this.#roleId, secretId }), secretId, accessor };
  }

  /** Lets time pass. */
  async hours(hours: number): Promise<void> {
    await this.clock.advance(hours * 3_600);
  }

  /** What was told last of a credential; undefined when nothing was. */
  told(name: string): string | undefined {
    return this.world.told().findLast((each) => each.name === name)?.why;
  }

  /** What the latest look has written down of a credential. */
  seen(name: string): WatchItem["credentials"][number] | undefined {
    return this.world.watch.latest()?.credentials.find((each) => each.name === name);
  }

  metric(name: MetricName): number {
    return this.world.counted.get(name) ?? 0;
  }

  /** Everything that Drover has written or told. */
  written(): string {
    const { watch, journal, queue, deadLetters } = this.world;
    const parts = [watch.latest(), journal.all(), queue.bodies(), deadLetters.bodies()];
    return JSON.stringify([...parts, this.world.told()]);
  }
}
