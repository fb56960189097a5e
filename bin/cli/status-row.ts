import { BY_CHOICE } from "../../lambdas/contracts/by-choice.ts";
import type { NodeItem } from "../../lambdas/contracts/node-item.ts";
import { span } from "./span.ts";

/** What `status` shows of a node in work, a text a column. */
export function statusRow(record: NodeItem, now: Date): string[] {
  const { nodeId, group, flow, waiting, intents, deadlineAt } = record;
  const reasons = [...new Set(intents.map(({ reason }) => reason))].join(", ");
  const left = Math.round((deadlineAt.getTime() - now.getTime()) / 1_000);
  const deadline = left >= 0 ? `in ${span(left)}` : `${span(-left)} ago`;
  const phase = waiting?.step ?? "starting";
  return [nodeId, group ?? "-", flow, phase, reasons, how(record), deadline, waitsFor(record)];
}

/** Whether the node has to be worked on, or Drover has chosen to; a scheduled change is both in turn. */
function how({ intents }: NodeItem): string {
  if (!intents.every(({ reason }) => BY_CHOICE.has(reason))) return "forced";
  const isScheduled = intents.some(({ reason }) => reason === "health");
  return isScheduled ? "by choice till its last moment" : "by choice";
}

function waitsFor({ waiting, progress }: NodeItem): string {
  const condition = progress.heal?.condition;
  const verdict = condition && `${condition.verdict}, since ${condition.since.toISOString()}`;
  const why = [waiting?.why, waiting?.detail].filter(Boolean).join(": ");
  return [why, verdict].filter(Boolean).join("; ") || "-";
}
