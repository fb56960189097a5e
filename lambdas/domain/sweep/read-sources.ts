import type { Config } from "../../contracts/config.ts";
import type { GroupName } from "../../contracts/ids.ts";
import { PortError } from "../ports/errors.ts";
import type { Look } from "./look.ts";
import type { SurveyedGroup, SweepPorts } from "./ports.ts";

/** Reads each source once, all at the same time; what can't be read is undefined. */
export async function readSources(ports: SweepPorts, config: Config, look: Look) {
  const { instances, agents, nomad, consul } = ports;
  const names = config.groups.map(({ name }) => name);
  return together({
    groups: look("the Auto Scaling groups", () => askForGroups(names, ports)),
    notRunning: look("EC2's instances", () => instances.notRunning(names)),
    troubled: look("EC2's status checks", () => instances.troubled()),
    marked: look("EC2's Spot requests", () => instances.marked()),
    silent: look("Systems Manager's agents", () => agents.silent()),
    nodes: look("Nomad's nodes", () => nomad.nodes()),
    servers: look("Nomad's servers", () => nomad.servers()),
    entries: consul && look("Consul's catalog", () => consul.entries()),
    failed: consul && look("Consul's failed nodes", () => consul.failed()),
    consulLeader: consul && look("Consul's leader", () => consul.leader()),
  });
}

/** Waits for all that is asked for, each by its name. */
async function together<Asked extends Readonly<Record<string, unknown>>>(asked: Asked) {
  const answers = Object.entries(asked).map(async ([name, answer]) => [name, await answer]);
  return Object.fromEntries(await Promise.all(answers)) as {
    [Name in keyof Asked]: Awaited<Asked[Name]>;
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
