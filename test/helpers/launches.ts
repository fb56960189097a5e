import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import type { HookInput } from "../../local/aws/auto-scaling/hook.ts";
import type { MachineImage } from "../../local/machines/image.ts";
import { NODE_ROLE } from "../../local/vault/drover-setup.ts";
import { GROUP, Scenario, type ScenarioOptions } from "./scenario.ts";

export const LAUNCH_HOOK: HookInput = {
  name: "drover-launch",
  transition: "launching",
  heartbeatTimeoutSeconds: 300,
};
export const TERMINATE_HOOK: HookInput = {
  name: "drover-terminate",
  transition: "terminating",
  heartbeatTimeoutSeconds: 300,
};

/** Consul, Vault and introductions, as a deployment has them. */
export const WHOLE_CLUSTER = {
  consul: { address: "http://127.0.0.1:8500", tokenSecret: "drover/consul-token" },
  vault: {
    address: "http://127.0.0.1:8200",
    login: { method: "approle", secret: "drover/vault" },
  },
  introduction: { vault: { role: NODE_ROLE } },
} as const satisfies Partial<ConfigInput>;

type JoinInput = NonNullable<ConfigInput["groups"][number]["join"]>;

export interface LaunchOptions extends ScenarioOptions {
  readonly image?: MachineImage;
  readonly join?: JoinInput;
  readonly hooks?: readonly HookInput[];
}

/** A scenario in which instances are launched: they boot and join, or do not. */
export class Launches extends Scenario {
  constructor({ image = {}, join = {}, hooks, config, group, ...options }: LaunchOptions = {}) {
    super({
      ...options,
      group: { instances: 1, hooks: hooks ?? [LAUNCH_HOOK, TERMINATE_HOOK], image, ...group },
      config: { ...WHOLE_CLUSTER, groups: [{ name: GROUP, join }], ...config },
      aws: { clientIntroduction: { enforcement: "strict" }, ...options.aws },
    });
  }

  /** Has Auto Scaling launch so many more. @returns their ids. */
  launch(count = 1): string[] {
    const before = new Set(this.members());
    const { autoScaling } = this.cluster.aws;
    autoScaling.setDesiredCapacity(GROUP, autoScaling.group(GROUP).desiredCapacity + count);
    return this.members().filter((id) => !before.has(id));
  }

  /** Launches one. @returns its id. */
  launchOne(): string {
    const [id] = this.launch();
    if (!id) throw new Error("nothing was launched");
    return id;
  }

  /** Scales an instance in, and lets time pass until its drain is finished. @returns how it ended. */
  async left(id: string, limitSeconds?: number) {
    this.scaleIn(id);
    await this.until(async () => (await this.record(id))?.flow === "drain-client");
    return this.finished(id, limitSeconds);
  }

  /** The instances of the group now. */
  members(): string[] {
    return [...this.cluster.aws.autoScaling.group(GROUP).members.keys()];
  }

  /** Whatever Nomad, Consul, Vault and Parameter Store know of an instance. */
  traces(id: string): string[] {
    const { nomad, consul, vault, aws } = this.cluster;
    const ofNomad = [...nomad.state.nodes.values()].filter(({ name }) => name === id);
    const tokens = consul
      .tokens()
      .filter(({ nodeIdentities }) => nodeIdentities.some(({ NodeName }) => NodeName === id));
    const { secretIds, tokens: vaultTokens } = vault.ofNode(id);
    return [
      ...ofNomad.map(() => "a Nomad node"),
      ...consul
        .nodes()
        .filter(({ name }) => name === id)
        .map(() => "a Consul node"),
      ...tokens.map(() => "a Consul token"),
      ...secretIds.map(() => "a secret id"),
      ...vaultTokens.map(() => "a Vault token"),
      ...aws.parameters
        .list()
        .filter(({ name }) => name.includes(id))
        .map(() => "a parameter"),
    ];
  }
}
