import { InstanceId } from "../../lambdas/contracts/ids.ts";
import type { IntroductionReport } from "../../lambdas/contracts/introduction.ts";
import { modelIntroductionsPort } from "../../local/aws/ports.ts";
import { VirtualClock } from "../../local/clock.ts";
import { modelConsulPort } from "../../local/consul/port.ts";
import type { MachineImage } from "../../local/machines/image.ts";
import type { Machine } from "../../local/machines/machine.ts";
import { ModelCluster, type ModelClusterSettings } from "../../local/model-cluster.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { modelVaultPort } from "../../local/vault/port.ts";

export const GROUP = "nomad-clients";
const INTRODUCTIONS = {
  path: "/drover/nodes",
  expiresAfterSeconds: 3_600,
  vault: { role: "nomad-client", mount: "approle", ttlSeconds: 1_800 },
};
const DROVERS_POLICY = `path "auth/approle/role/nomad-client/*" {
  capabilities = ["create", "update", "read", "list"]
}`;

/** A group whose launches boot machines, and what Drover gives to them. */
export class MachinesWorld {
  readonly clock = new VirtualClock();
  readonly cluster: ModelCluster;

  constructor(image: MachineImage = {}, settings: ModelClusterSettings = {}) {
    this.cluster = new ModelCluster(this.clock, settings);
    this.cluster.addGroup({ name: GROUP, instances: 0, image, hooks: [] });
    const { vault } = this.cluster;
    vault.putPolicy("introduces", DROVERS_POLICY);
    vault.addAppRole("drover", { policies: ["introduces"] });
    vault.addAppRole("nomad-client", { policies: ["default"], secretIdNumUses: 1 });
  }

  /** Lets the group have as many instances. @returns the ids of the new ones, once they run. */
  async launch(instances = 1): Promise<InstanceId[]> {
    const { autoScaling, ec2 } = this.cluster.aws;
    const before = new Set(ec2.list().map(({ id }) => id));
    autoScaling.setDesiredCapacity(GROUP, instances);
    await this.clock.advance(6);
    const all = ec2.list().filter(({ id }) => !before.has(id));
    return all.map(({ id }) => InstanceId.parse(id));
  }

  /** Introduces an instance as Drover does. */
  async introduce(id: InstanceId, { nodePool = "default", wrapSeconds = 1_800 } = {}) {
    const { aws, consul, nomad, vault } = this.cluster;
    const role = vault.appRoles.get("approle")?.role("drover");
    const { secretId } = role?.secretIds.create({ metadata: {}, numUses: 0, ttlSeconds: 0 }) ?? {};
    const login = {
      request: async () => ({
        mount: "approle",
        body: { role_id: role?.roleId ?? "", secret_id: secretId ?? "" },
        secrets: [],
      }),
    };
    const drovers = modelVaultPort(vault, { login, role: "nomad-client" });
    const { wrappingToken, roleId, mount, creationPath } = await drovers.wrapSecretId(
      id,
      wrapSeconds,
    );
    const token = await modelNomadPort(nomad).introductionToken(id, nodePool, 600);
    const introductions = modelIntroductionsPort(aws, INTRODUCTIONS);
    await introductions.prepare(id);
    await introductions.put(id, {
      nodeName: id,
      ...(token !== "unsupported" && { nomadIntroductionToken: token.jwt }),
      consulToken: await modelConsulPort(consul).issueNodeToken(id, id),
      vault: { mount, roleId, creationPath, wrappedSecretId: wrappingToken },
    });
  }

  /** Launches one instance, introduces it and lets it come up. */
  async comeUp(seconds = 60): Promise<InstanceId> {
    const [id] = await this.launch();
    if (!id) throw new Error("nothing was launched");
    await this.introduce(id);
    await this.clock.advance(seconds);
    return id;
  }

  /** Has the group leave stopped instances alone. */
  keepUnhealthy(): void {
    this.cluster.aws.autoScaling.suspendProcesses(GROUP, ["ReplaceUnhealthy"]);
  }

  /** What the instance has reported. */
  report(id: InstanceId): Promise<IntroductionReport | undefined> {
    return modelIntroductionsPort(this.cluster.aws, INTRODUCTIONS).report(id);
  }

  machine(id: InstanceId): Machine | undefined {
    return this.cluster.machines.find(id);
  }

  nomadNode(id: InstanceId) {
    return this.cluster.nomad.node(this.machine(id)?.nomad.nodeId ?? "");
  }

  consulNode(id: InstanceId) {
    return this.cluster.consul.nodes().find(({ name }) => name === id);
  }

  /** The statuses of the Consul node's checks. */
  checks(id: InstanceId): Record<string, string> {
    const checks = this.consulNode(id)?.checks.values() ?? [];
    return Object.fromEntries([...checks].map((check) => [check.id, check.status]));
  }

  console(id: InstanceId): string {
    const { ec2 } = this.cluster.aws;
    return ec2.consoles.read(ec2.get(id), true);
  }
}
