import type { InstanceId } from "../../contracts/ids.ts";
import { leadOf } from "../lead.ts";
import { findAbsences } from "./absences.ts";
import { findByHost } from "./host-names.ts";
import { isSettled, rememberLeader } from "./leader.ts";
import type { Look } from "./look.ts";
import { lookUp } from "./look-up.ts";
import type { SweepMemory } from "./memory.ts";
import { placeEntries } from "./place-entries.ts";
import { placeNodes } from "./place-nodes.ts";
import type { SweepPorts } from "./ports.ts";
import { readHooks } from "./read-hooks.ts";
import { readSources } from "./read-sources.ts";
import type { Survey } from "./survey.ts";
import type { Sweeper } from "./sweeper.ts";

/** What a sweep has seen, and what the next one has to know of it. */
export interface Taken {
  readonly survey: Survey;
  readonly servers: Awaited<ReturnType<SweepPorts["nomad"]["servers"]>> | undefined;
  readonly memory: SweepMemory;
}

/** Reads every source once, side by side, and then what they leave open about single nodes. */
export async function takeSurvey(
  { ports, config, hosts: known }: Sweeper,
  memory: SweepMemory,
  look: Look,
): Promise<Taken> {
  const now = ports.clock.now();
  const seen = await readSources(ports, config, look);
  const groups = seen.groups && new Map(seen.groups.map((group) => [group.name, group]));
  const members =
    seen.groups &&
    new Map(seen.groups.flatMap((group) => group.members).map((each) => [each.instanceId, each]));
  // Whoever waits at one has the least time: nothing else is waited for first.
  const hooks = readHooks(members, ports, look);
  const listed = new Map((seen.notRunning ?? []).map((each) => [each.id, each]));
  const isByHost = config.nodeNames === "host-name";
  const hosts = isByHost && members ? await known.of([...members.keys()], ports, look) : undefined;
  const byHost = findByHost(new Map([...listed, ...(hosts ?? [])]).values());
  const isKnown = (id: InstanceId) => members?.has(id) === true || listed.has(id);
  const placing = { config, byHost, isKnown, now };
  const nodes = seen.nodes && (await placeNodes(seen.nodes, placing, ports, look));
  const entries = seen.entries && seen.failed && placeEntries(seen.entries, seen.failed, byHost);
  const absences = await findAbsences({ memory, members, nodes, hosts, now }, ports, look);
  const instances =
    seen.notRunning && (await lookUp({ listed, nodes, entries, ...absences }, ports, look));
  // Whom nobody could ask may have led all the while: the term tells it. Consul's leader has none.
  const nomadLeader = seen.servers
    ? rememberLeader(memory.nomadLeader, leadOf(seen.servers), now)
    : memory.nomadLeader;
  const consulLeader = rememberLeader(memory.consulLeader, seen.consulLeader, now);
  const survey = {
    now,
    config,
    groups,
    members,
    hooks: await hooks,
    instances,
    troubled: seen.troubled,
    marked: seen.marked,
    silent: seen.silent,
    nodes,
    isNomadSettled: seen.servers !== undefined && isSettled(nomadLeader, now),
    absent: absences.absent,
    entries,
    isConsulSettled: isSettled(consulLeader, now),
  };
  const remembered = { nomadLeader, consulLeader, absences: absences.remembered };
  return { survey, servers: seen.servers, memory: { ...memory, ...remembered } };
}
