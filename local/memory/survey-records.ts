import { toNodeItem } from "../../lambdas/clients/aws/node-record-item.ts";
import { TABLE } from "../../lambdas/contracts/table.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";
import type { RecordSurvey } from "../../lambdas/domain/sweep/ports.ts";
import type { MemoryNodes } from "./memory-nodes.ts";

/** Node records in memory, many at once. */
export function memoryRecordSurvey(nodes: MemoryNodes): RecordSurvey {
  return {
    async overdue(before, most) {
      const unfinished = await nodes.unfinished();
      return unfinished
        .filter((record) => dueAt(record) < before.toISOString())
        .sort((a, b) => (dueAt(a) < dueAt(b) ? -1 : 1))
        .slice(0, most)
        .flatMap((record) => {
          const { nodeId, flow, tick } = record;
          if (!tick) return [];
          return [{ flow, tick: { nodeId, tickId: tick.id }, at: new Date(dueAt(record)) }];
        });
    },
    async records(ids) {
      const wanted = new Set(ids);
      const found = nodes.all().filter(({ nodeId }) => wanted.has(nodeId));
      return new Map(found.map((record) => [record.nodeId, record]));
    },
  };
}

/** What the table's index sorts a record by. */
function dueAt(record: NodeRecord): string {
  return String(toNodeItem(record)[TABLE.overdueSortKey]);
}
