import type { Comparison } from "./compare.ts";
import type { ComparedNode } from "./nodes-table.ts";
import type { Sources } from "./views.ts";

/** The comparison for programs. A source that knows nothing of a node gives null or an empty list. */
export function nodesJson({ nodes, leftOut }: Comparison, sources: Sources): object {
  const { autoScaling, nomad, consul, records } = sources;
  return {
    sources: {
      autoScaling: autoScaling.kind,
      nomad: nomad.kind,
      consul: consul.kind,
      records: records.kind,
    },
    nodes: nodes.map(nodeJson),
    groupsLeftOut: leftOut,
  };
}

function nodeJson({ node, group, instance, nomad, consul, record, disagreements }: ComparedNode) {
  return {
    node,
    group: group ?? null,
    autoScaling: instance ?? null,
    nomad,
    consul,
    drover: record
      ? {
          flow: record.flow,
          outcome: record.finished?.outcome ?? null,
          waitsFor: record.waiting?.why ?? null,
          deadlineAt: record.deadlineAt,
        }
      : null,
    disagreements,
  };
}
