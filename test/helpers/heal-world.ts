import * as z from "zod";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { Hint } from "../../lambdas/contracts/hint.ts";
import { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import type { Execution, Invocation } from "../../local/aws/ssm/command.ts";
import { Launches, WHOLE_CLUSTER } from "./launches.ts";
import { GROUP, type ScenarioOptions } from "./scenario.ts";

/** What of a machine can die. */
type Agent = "nomad" | "consul" | "ssm";
type HealInput = NonNullable<ConfigInput["groups"][number]["heal"]>;

export interface HealOptions extends ScenarioOptions {
  readonly instances?: number;
  readonly heal?: HealInput;
  readonly budget?: ConfigInput["groups"][number]["budget"];
  /** Whether a restart brings agents back. @default true */
  readonly restartHelps?: boolean;
}

/** A cluster whose nodes fall ill: agents die, status checks fail, and a sweep tells of what it sees. */
export class HealWorld extends Launches {
  readonly #isStopped = new Map<string, Set<Agent>>();
  #hints = 0;
  restartHelps: boolean;

  constructor({ instances = 10, heal, budget, restartHelps = true, ...options }: HealOptions = {}) {
    super({
      nomadToken: { node: "write", operator: "read", namespaces: { "*": ["read-job"] } },
      ...options,
      aws: { autoScaling: { replacesImpaired: false }, ...options.aws },
      group: { instances, ...options.group },
      config: {
        ...WHOLE_CLUSTER,
        groups: [{ name: GROUP, ...(heal && { heal }), ...(budget && { budget }) }],
        ...options.config,
      },
    });
    this.restartHelps = restartHelps;
    this.cluster.aws.runCommand.execute = (invocation) => this.#execute(invocation);
  }

  /** Lets agents of a machine die, and time pass until everybody knows. */
  async kill(id: string, ...agents: readonly Agent[]): Promise<void> {
    // What has not joined yet can't be missed.
    const { consul } = this.cluster;
    await this.clock.until(() => consul.nodes().length === this.instances.length, 60);
    this.stop(id, ...agents);
    await this.clock.advance(agents.includes("ssm") ? 700 : 60);
  }

  stop(id: string, ...agents: readonly Agent[]): void {
    const { nomad, consul, aws } = this.cluster;
    const stopped = this.#isStopped.get(id) ?? new Set();
    for (const agent of agents) stopped.add(agent);
    this.#isStopped.set(id, stopped);
    if (agents.includes("nomad")) nomad.stopAgent(this.cluster.nodeId(id));
    if (agents.includes("consul")) consul.stopAgent(id);
    if (agents.includes("ssm")) aws.managedNodes.stopAgent(id);
  }

  /** A machine's Nomad agent dies, and the servers forget its node. */
  loseNode(id: string): void {
    const node = this.node(id);
    this.stop(id, "nomad");
    if (node) this.cluster.nomad.purge(node);
  }

  /** Agents of a machine are back. */
  start(id: string, ...agents: readonly Agent[]): void {
    for (const agent of agents) this.#isStopped.get(id)?.delete(agent);
    if (agents.includes("nomad")) this.cluster.nomad.startAgent(this.cluster.nodeId(id));
    if (agents.includes("consul")) this.cluster.consul.resumeAgent(id);
    if (agents.includes("ssm")) this.cluster.aws.managedNodes.startAgent(id);
  }

  /** Tells heal-node of a node, as the sweep does. */
  hint(id: string, key = `unhealthy/${this.#hints++}`): void {
    const queue = this.queuesOf.get("heal-node")?.queue;
    if (!queue) throw new Error("heal-node has no queue");
    const occurredAt = this.clock.now();
    const group = GroupName.parse(GROUP);
    const hint = { key, reason: "unhealthy", group, occurredAt, why: "found" } as const;
    queue.send(JSON.stringify(z.encode(Hint, { nodeId: NodeId.parse(id), hint })));
  }

  /** Tells heal-node of a node, and lets time pass until its work is finished. @returns how it ended. */
  async healed(id = this.first, limitSeconds?: number) {
    this.hint(id);
    await this.clock.advance(1);
    return this.finished(id, limitSeconds);
  }

  /** Lets time pass until another instance serves in a node's place. @returns its id. */
  async replaced(id = this.first, limitSeconds?: number): Promise<string> {
    const { desiredCapacity } = this.cluster.aws.autoScaling.group(GROUP);
    const isReplaced = () =>
      !this.members().includes(id) && this.serving().length === desiredCapacity;
    await this.until(isReplaced, limitSeconds);
    const [successor, ...more] = this.members().filter((each) => !this.instances.includes(each));
    if (!successor || more.length > 0) throw new Error("not one came in its place");
    return successor;
  }

  /** The instances in service whose node has work, or may have some. */
  serving(): string[] {
    return this.members().filter((id) => {
      const node = this.lifecycleState(id) === "InService" && this.node(id);
      return node && node.status === "ready" && node.eligible;
    });
  }

  /** Lets time pass, while a sweep tells of every member that Nomad calls down or that EC2 calls impaired. */
  async sweepFor(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 60) {
      for (const id of this.members()) if (this.#isIll(id)) this.hint(id);
      await this.clock.advance(Math.min(60, left));
    }
  }

  /** The restarts that were ordered, the latest first. */
  restarts(id?: string): Invocation[] {
    const all = this.cluster.aws.runCommand.list();
    return id ? all.filter(({ instanceId }) => instanceId === id) : all;
  }

  /** How the work on nodes has ended, by flow. */
  outcomes(flow: string): string[] {
    return this.ports.told.filter((each) => each.flow === flow).map(({ outcome }) => outcome);
  }

  /** Seconds since something. */
  since(date: Date): number {
    return (this.clock.now().getTime() - date.getTime()) / 1_000;
  }

  #isIll(id: string): boolean {
    const { ec2 } = this.cluster.aws;
    const checks = ec2.checks.results(ec2.get(id));
    const isImpaired = checks.system === "impaired" || checks.instance === "impaired";
    const isMember = this.lifecycleState(id) === "InService";
    return isMember && (isImpaired || this.node(id)?.status !== "ready");
  }

  #execute({ instanceId, parameters }: Invocation): Execution {
    const units = (parameters.Units ?? []).flatMap((list) => list.split(" "));
    if (!this.restartHelps) {
      return {
        exitStatus: 1,
        output: `== ${units.join(", ")}: failed\ntoken=s.0123456789abcdefghijklmn`,
      };
    }
    const agents = units.filter((unit) => unit === "nomad" || unit === "consul");
    this.start(instanceId, ...agents.filter((each) => this.#isStopped.get(instanceId)?.has(each)));
    return { exitStatus: 0, output: units.map((unit) => `== ${unit} is active`).join("\n") };
  }
}
