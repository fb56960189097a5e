import { AsyncLocalStorage } from "node:async_hooks";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createIntroductions } from "../../lambdas/clients/aws/introductions.ts";
import { createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import { createVault } from "../../lambdas/clients/vault/create-vault.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { DROVER_TOKEN } from "../../local/consul/drover-setup.ts";
import { inProcessConsul } from "../../local/consul/in-process.ts";
import type { ModelCluster } from "../../local/model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { inProcessNomad } from "../../local/nomad/in-process.ts";
import { type DroverLogin, NODE_ROLE } from "../../local/vault/drover-setup.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import type { CallCounts } from "./call-counts.ts";

/** The ports of one function instance that lead out of it over HTTP. */
type Connections = Pick<Ports, "nomad" | "consul" | "vault" | "introductions">;

export interface InstancesWorld {
  readonly cluster: ModelCluster;
  readonly config: Config;
  readonly login: DroverLogin["login"];
  readonly counts: CallCounts;
  readonly turn: () => Promise<Date>;
}

/**
 * Lambda's function instances: as many as there are invocations at once, each with clients of its own,
 * as what one of them has gathered, remembered or logged in for is of no use to the others.
 */
export class FunctionInstances {
  readonly #current = new AsyncLocalStorage<Connections>();
  readonly #free: Connections[] = [];
  #world: InstancesWorld | undefined;
  /** How many there are. */
  count = 0;

  /** Says what new instances are connected to. */
  connectTo(world: InstancesWorld): void {
    this.#world = world;
  }

  /** For the scenario's `invoke`: on an instance that is free, or on a new one. */
  readonly invoke = async <R>(handler: () => Promise<R>): Promise<R> => {
    const instance = this.#free.pop() ?? this.#start();
    try {
      return await this.#current.run(instance, handler);
    } finally {
      this.#free.push(instance);
    }
  };

  /** For the scenario's `ports`: those of the instance that makes the call. */
  readonly ports = (ports: Ports): Ports => {
    const current = () => {
      const instance = this.#current.getStore();
      if (!instance) throw new Error("a port was called outside of an invocation");
      return instance;
    };
    return {
      ...ports,
      get nomad() {
        return current().nomad;
      },
      get consul() {
        return current().consul;
      },
      get vault() {
        return current().vault;
      },
      get introductions() {
        return current().introductions;
      },
    };
  };

  #start(): Connections {
    if (!this.#world) throw new Error("there is nothing to connect to");
    this.count += 1;
    return connect(this.#world);
  }
}

function connect({ cluster, config, login, counts, turn }: InstancesWorld): Connections {
  const { aws, nomad, consul, vault } = cluster;
  const { introduction } = config;
  if (!introduction) throw new Error("the configuration has no introduction");
  const every = { address: "model:", retry: { retries: 0 } };
  const consulToken = consul.createToken(DROVER_TOKEN);
  const nomadToken = nomad.createToken(DROVER_NOMAD_TOKEN);
  const session = createVaultSession({
    ...every,
    transport: counts.transport("vault", inProcessVault(vault)),
    login,
    clock: vault.clock,
  });
  return {
    nomad: createNomad({
      ...every,
      transport: counts.transport("nomad", inProcessNomad(nomad)),
      token: async () => nomadToken,
      now: () => aws.clock.now().getTime(),
    }),
    consul: createConsul({
      ...every,
      transport: counts.transport("consul", inProcessConsul(consul)),
      token: async () => consulToken,
      now: () => aws.clock.now().getTime(),
    }),
    vault: createVault({ deployment: "test", role: NODE_ROLE, session }),
    introductions: createIntroductions(
      new SSMClient(counts.sdkOptions("ssm", aws)),
      { ...introduction, account: aws.account, region: aws.region },
      aws.clock,
      // Passes that began together ask within one turn, since here no time passes between them.
      { turn, whenToSend: (send) => void setImmediate(send) },
    ),
  };
}
