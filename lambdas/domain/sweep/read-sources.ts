import type { Config } from "../../contracts/config.ts";
import type { GroupName } from "../../contracts/ids.ts";
import { PortError } from "../ports/errors.ts";
import type { Look } from "./look.ts";
import type { SurveyedGroup, SweepPorts } from "./ports.ts";

/** Reads each source once, all at the same time; what can't be read is undefined. */
export async function readSources(ports: SweepPorts, config: Config, look: Look) {
  const { instances, agents, nomad, consul } = ports;
  const names = config.groups.map(({ name }) => name);
  const [
    asked,
    notRunning,
    troubled,
    marked,
    silent,
    nodes,
    servers,
    entries,
    failed,
    consulLeader,
  ] = await Promise.all([
    look("the Auto Scaling groups", () => askForGroups(names, ports)),
    look("EC2's instances", () => instances.notRunning(names)),
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
    notRunning,
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

// Who knows none of them is asked in the wrong account or Region: that is no answer.
async function askForGroups(
  names: readonly GroupName[],
  { groups, log }: Pick<SweepPorts, "groups" | "log">,
): Promise<SurveyedGroup[]> {
  const found = await groups.groups(names);
  const known = new Set(found.map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  const why = `Auto Scaling knows no group ${unknown.join(", ")}: check groups[].name, account and region`;
  if (found.length === 0) throw new PortError("auto-scaling", "invalid", why);
  if (unknown.length > 0) log.warn(why);
  return found;
}
