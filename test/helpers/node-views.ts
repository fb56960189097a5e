import { compareNodes } from "../../bin/cli/nodes/compare.ts";
import type { Said } from "../../bin/cli/nodes/said.ts";
import type { ConsulView, GroupInstance, NomadView, Sources } from "../../bin/cli/nodes/views.ts";
import { NodeItem } from "../../lambdas/contracts/node-item.ts";

export const ID = "i-0123456789abcdef0";
export const OTHER = "i-0123456789abcdef1";

export function instance(instanceId = ID, lifecycleState = "InService"): GroupInstance {
  return { instanceId, group: "clients", lifecycleState, isHealthy: true };
}

export function nomadNode(name = ID, change: Partial<NomadView> = {}): NomadView {
  return {
    id: "007de46b-6869-bc55-d7e3-f9321640a11b",
    name,
    status: "ready",
    isEligible: true,
    isDraining: false,
    nodePool: "default",
    createIndex: 10,
    ...change,
  };
}

export function consulNode(name = ID, change: Partial<ConsulView> = {}): ConsulView {
  return { name, meta: {}, health: "passing", isExternal: false, ...change };
}

type Outcome = NonNullable<NodeItem["finished"]>["outcome"];

/** A record whose work is finished, or in work without an outcome. */
export function record(outcome?: Outcome, change: object = {}): NodeItem {
  const at = "2026-01-01T00:00:00.000Z";
  return NodeItem.parse({
    nodeId: ID,
    flow: "drain-client",
    intents: [],
    deadlineAt: at,
    drainId: "d",
    progress: {},
    version: 1,
    createdAt: at,
    ...(outcome && { finished: { outcome, why: "a reason", at } }),
    ...change,
  });
}

const said = <Value>(value: Value): Said<Value> => ({ kind: "said", value });

/** What was heard; a source that is left out was asked and knows nothing. */
export interface Heard {
  readonly instances?: readonly GroupInstance[];
  readonly nomad?: readonly NomadView[];
  readonly consul?: readonly ConsulView[];
  readonly records?: readonly NodeItem[];
  readonly instead?: Partial<Sources>;
}

export function sources(heard: Heard): Sources {
  return {
    autoScaling: said(heard.instances ?? []),
    nomad: said(heard.nomad ?? []),
    consul: said(heard.consul ?? []),
    records: said(heard.records ?? []),
    ...heard.instead,
  };
}

/** The nodes with their disagreements' kinds. */
export function marks(heard: Heard): Record<string, string[]> {
  const { nodes } = compareNodes(sources(heard));
  return Object.fromEntries(
    nodes.map(({ node, disagreements }) => [node, disagreements.map(({ kind }) => kind)]),
  );
}
