import type { Config } from "../../contracts/config.ts";
import { InstanceId, type NomadNodeId } from "../../contracts/ids.ts";
import { droverDrain } from "./drover-drain.ts";
import type { FindByHost } from "./host-names.ts";
import { inTurn } from "./in-turn.ts";
import type { Look } from "./look.ts";
import type { NodePlace, NomadSurvey, SurveyedNode, SweepPorts } from "./ports.ts";
import type { PlacedNode } from "./survey.ts";

/** Full nodes that are read in one sweep. */
const MOST_READ = 100;
const AT_ONCE = 5;
/** The rest of them has its turn in another sweep, if Nomad is slow. */
const PLACING_SECONDS = 4;

type PlacingPorts = Pick<SweepPorts, "clock"> & { readonly nomad: Pick<NomadSurvey, "place"> };

/** What is needed to tell on which instance a node is. */
export interface Placing {
  readonly config: Config;
  readonly byHost: FindByHost;
  /** Whether Auto Scaling or EC2 has an instance of that id. */
  readonly isKnown: (id: InstanceId) => boolean;
  readonly now: Date;
}

/**
 * Tells on which instance each node is: by its name, or its host's. Of nodes that are down the full node is
 * read where that says more: an old name or address may be another host's by now. So it is of those that Drover
 * has drained, to see whether anybody has cordoned them since.
 */
export async function placeNodes(
  nodes: readonly SurveyedNode[],
  placing: Placing,
  { nomad, clock }: PlacingPorts,
  look: Look,
): Promise<Map<InstanceId, PlacedNode[]>> {
  const unclear = nodes.filter((node) => isUnclear(node, placing));
  const places = new Map<NomadNodeId, NodePlace>();
  const turn = [...inTurn(unclear, MOST_READ, placing.now)];
  const until = clock.now().getTime() + PLACING_SECONDS * 1_000;
  while (turn.length > 0 && clock.now().getTime() < until) {
    const some = turn.splice(0, AT_ONCE);
    const read = await look("a Nomad node", () =>
      Promise.all(some.map(({ id }) => nomad.place(id))),
    );
    for (const [index, { id }] of some.entries()) {
      const place = read?.[index];
      if (place) places.set(id, place);
    }
    if (!read) break;
  }
  const placed = new Map<InstanceId, PlacedNode[]>();
  for (const node of nodes) {
    const place = places.get(node.id);
    const instanceId = instanceOf(node, place, placing);
    if (!instanceId) continue;
    const mayBeOurs = place !== undefined && isInPlaceOfOurs(node, place, placing.config);
    const isOnlyDrained = place?.isOnlyDrained === true;
    const known = placed.get(instanceId) ?? [];
    placed.set(instanceId, [...known, { ...node, instanceId, mayBeOurs, isOnlyDrained }]);
  }
  return placed;
}

// Of one whose instance is known by its name, nothing else has to be known; unless it may be left over.
function isUnclear(node: SurveyedNode, { isKnown }: Placing): boolean {
  const { status, name } = node;
  if (status !== "down") return droverDrain(node) !== undefined;
  const named = InstanceId.safeParse(name);
  return !named.success || !isKnown(named.data);
}

function instanceOf(
  node: SurveyedNode,
  place: NodePlace | undefined,
  { byHost }: Placing,
): InstanceId | undefined {
  const named = InstanceId.safeParse(node.name);
  if (named.success) return named.data;
  if (place?.instanceId) return place.instanceId;
  if (node.status !== "down") return byHost(node.name, node.address);
  // Its host's address may be another's by now, or be one of another network; its name may, too.
  return place && byHost(node.name);
}

function isInPlaceOfOurs({ nodePool }: SurveyedNode, { zone }: NodePlace, config: Config): boolean {
  const isInRegion = zone?.startsWith(config.region) === true;
  return isInRegion && config.groups.some(({ join }) => join.nodePool === nodePool);
}
