import { TickId } from "../contracts/ids.ts";
import { METRICS } from "../contracts/names.ts";
import type { Pass } from "./pass.ts";
import { PortError } from "./ports/errors.ts";
import type { Ports } from "./ports/index.ts";
import type { NodeRecord } from "./record.ts";
import { attempt, type PassEnd } from "./run-flow.ts";
import type { Flow } from "./step.ts";

/** Writes down and tells how a pass has ended. */
export async function wrapUp(pass: Pass, end: PassEnd, flow: Flow): Promise<void> {
  if (end.result.kind === "finish") {
    for (const step of flow.atEnd ?? []) await attempt({ ...step, isOptional: true }, pass);
  }
  noteEnd(pass, end);
  await tellOutcome(pass, end);
  if (pass.journal.length > 0) await pass.ports.journal.write(pass.journal);
}

/** The record after a pass: finished, or with its next tick. */
export function concluded(
  { record, now, ports }: Pass,
  { step, result }: PassEnd,
  followed: TickId | undefined,
): NodeRecord {
  const { lease: _ended, waiting, tick: _over, ...rest } = record;
  if (result.kind === "finish") {
    return { ...rest, finished: { outcome: result.outcome, why: result.why, at: now } };
  }
  const since = waiting?.step === step ? waiting.since : now;
  const { why, detail } = result;
  return {
    ...rest,
    waiting: { step, why, since, ...(detail && { detail }) },
    tick: {
      id: TickId.parse(ports.newId()),
      ...(followed && { replaced: followed }),
      at: new Date(now.getTime() + result.afterSeconds * 1_000),
    },
  };
}

/**
 * Sends the next tick, after the write: a crash in between is mended by the message, which comes back. An
 * event is merged again and makes a pass; a tick is followed because the record knows the tick it replaced.
 */
export async function sendTick(
  record: NodeRecord,
  { result }: PassEnd,
  ports: Ports,
): Promise<void> {
  if (!record.tick || result.kind !== "again") return;
  const tick = { nodeId: record.nodeId, tickId: record.tick.id };
  await ports.ticks.send(tick, result.afterSeconds);
}

function noteEnd(pass: Pass, { step, result }: PassEnd): void {
  pass.begin(step);
  if (result.kind === "finish") pass.saw(`finished, ${result.outcome}: ${result.why}`);
  const { waiting } = pass.record;
  const isNews = waiting?.step !== step || waiting.why !== result.why;
  if (result.kind === "again" && isNews) pass.saw(`waits: ${result.why}`);
}

// Before the record says that it is finished: after a crash in between it is told twice, not never.
async function tellOutcome(pass: Pass, { result }: PassEnd): Promise<void> {
  if (result.kind !== "finish") return;
  const { record, ports, now: at } = pass;
  const { nodeId, group, flow, progress } = record;
  const { outcome, why } = result;
  const seen = progress.join?.verdict?.seen ?? [];
  try {
    await ports.outcomes.tell({ nodeId, group, flow, outcome, why, seen, at });
  } catch (error) {
    // The work itself is done; nobody is helped by doing it again.
    if (!(error instanceof PortError)) throw error;
    pass.saw(`nobody could be told: ${error.message}`);
    ports.metrics.count(METRICS.outcomeUntold);
  }
}
