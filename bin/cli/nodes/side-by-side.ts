import { InstanceId } from "../../../lambdas/contracts/ids.ts";
import type { NodeItem } from "../../../lambdas/contracts/node-item.ts";
import { heardFrom } from "./said.ts";
import type { ConsulView, GroupInstance, NodeRow, NomadView, Sources } from "./views.ts";

/** The key of a Consul node's metadata under which Drover, or its agent, puts the node's id. */
const NODE_ID_META = "instance_id";

interface OpenRow {
  instance?: GroupInstance;
  record?: NodeItem;
  readonly nomad: NomadView[];
  readonly consul: ConsulView[];
}

/**
 * Brings together what the sources say of the same node. A Nomad node belongs to the instance it is
 * named after or says it runs on, else to the record that knows its id. A Consul node belongs to the
 * node it is named after or has in its metadata, else to the Nomad node of the same name, else to
 * the record that knows it. All others stand by themselves.
 */
export function sideBySide(sources: Sources): NodeRow[] {
  const instances = heardFrom(sources.autoScaling) ?? [];
  const nomad = heardFrom(sources.nomad) ?? [];
  const consul = heardFrom(sources.consul) ?? [];
  const records = oldestFirst(heardFrom(sources.records) ?? []);
  const rows = new Map<string, OpenRow>();
  const row = (node: string): OpenRow => {
    const found = rows.get(node) ?? { nomad: [], consul: [] };
    rows.set(node, found);
    return found;
  };
  for (const instance of instances) row(instance.instanceId).instance = instance;
  for (const record of records) row(record.nodeId).record = record;

  const byNomadId = new Map(records.map((r) => [r.nomadNodeId as string, r.nodeId as string]));
  const byNomadName = new Map<string, string>();
  for (const view of newestFirst(nomad)) {
    const node = namedInstance(view) ?? byNomadId.get(view.id) ?? view.name;
    row(node).nomad.push(view);
    if (!byNomadName.has(view.name)) byNomadName.set(view.name, node);
  }

  const byConsulName = new Map(records.flatMap(consulNames));
  for (const view of consul) {
    const node =
      (rows.has(view.name) ? view.name : undefined) ??
      view.meta[NODE_ID_META] ??
      byNomadName.get(view.name) ??
      byConsulName.get(view.name) ??
      view.name;
    row(node).consul.push(view);
  }
  return [...rows].map(close).sort(byGroupAndNode);
}

function namedInstance({ instanceId, name }: NomadView): string | undefined {
  return instanceId ?? (InstanceId.safeParse(name).success ? name : undefined);
}

/** The names a record's node has in Consul: as it was seen there, and as it was announced. */
function consulNames({ nodeId, consulNode, intents }: NodeItem): [string, string][] {
  const names = [consulNode?.name, ...intents.map(({ announced }) => announced?.name)];
  return names.flatMap((name): [string, string][] => (name ? [[name, nodeId]] : []));
}

function close([node, { instance, nomad, consul, record }]: [string, OpenRow]): NodeRow {
  return { node, group: instance?.group ?? record?.group, instance, nomad, consul, record };
}

function newestFirst(views: readonly NomadView[]): NomadView[] {
  return [...views].sort((a, b) => b.createIndex - a.createIndex);
}

/** Host names are used again: the youngest record has the last word. */
function oldestFirst(records: readonly NodeItem[]): NodeItem[] {
  return [...records].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

/** Nodes without a group come last. */
function byGroupAndNode(a: NodeRow, b: NodeRow): number {
  if ((a.group === undefined) !== (b.group === undefined)) return a.group === undefined ? 1 : -1;
  return (a.group ?? "").localeCompare(b.group ?? "") || a.node.localeCompare(b.node);
}
