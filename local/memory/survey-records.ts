import { toNodeItem } from "../../lambdas/clients/aws/node-record-item.ts";
import { TABLE } from "../../lambdas/contracts/table.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";
import type { OverdueTick, RecordSurvey } from "../../lambdas/domain/sweep/ports.ts";
import type { MemoryNodes } from "./memory-nodes.ts";

/** Node records in memory, many at once. */
export function memoryRecordSurvey(nodes: MemoryNodes): RecordSurvey {
  return {
    async overdue(before, most) {
      const unfinished = await nodes.unfinished();
      return unfinished
        .flatMap(toOverdueTick)
        .filter(({ at }) => at < before)
        .sort((a, b) => a.at.getTime() - b.at.getTime())
        .slice(0, most);
    },
    async records(ids) {
      const wanted = new Set(ids);
      const found = nodes.all().filter(({ nodeId }) => wanted.has(nodeId));
      return new Map(found.map((record) => [record.nodeId, record]));
    },
  };
}

function toOverdueTick(record: NodeRecord): OverdueTick[] {
  const { nodeId, flow, tick } = record;
  if (!tick) return [];
  const at = new Date(String(toNodeItem(record)[TABLE.overdueSortKey]));
  return [{ flow, tick: { nodeId, tickId: tick.id }, at }];
}
