import type { Config } from "../../contracts/config.ts";
import type { Look } from "./look.ts";
import type { SweepPorts } from "./ports.ts";

/** Reads each source once, all at the same time; what can't be read is undefined. */
export async function readSources(ports: SweepPorts, config: Config, look: Look) {
  const { groups, instances, agents, nomad, consul } = ports;
  const names = config.groups.map(({ name }) => name);
  // Agents that join under their instance's id need no look at the instances that run.
  const which = config.nodeNames === "instance-id" ? "not-running" : "all";
  const [asked, launched, troubled, marked, silent, nodes, servers, entries, failed, consulLeader] =
    await Promise.all([
      look("the Auto Scaling groups", () => groups.groups(names)),
      look("EC2's instances", () => instances.launchedBy(names, which)),
      look("EC2's status checks", () => instances.troubled()),
      look("EC2's Spot requests", () => instances.marked()),
      look("Systems Manager's agents", () => agents.silent()),
      look("Nomad's nodes", () => nomad.nodes()),
      look("Nomad's servers", () => nomad.servers()),
      consul && look("Consul's catalog", () => consul.entries()),
      consul && look("Consul's failed nodes", () => consul.failed()),
      consul && look("Consul's leader", () => consul.leader()),
    ]);
  return {
    groups: asked,
    launched,
    troubled,
    marked,
    silent,
    nodes,
    servers,
    entries,
    failed,
    consulLeader,
  };
}
