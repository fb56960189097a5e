import { TickId } from "../contracts/ids.ts";
import { METRICS } from "../contracts/names.ts";
import { isDue } from "./choice/reasons.ts";
import { reminders, TAKEN_UP_AFTER_SECONDS, takeUpAgain } from "./give-way.ts";
import { isOver } from "./merge.ts";
import type { Pass } from "./pass.ts";
import { PortError } from "./ports/errors.ts";
import type { Intent, NodeRecord } from "./record.ts";
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

/** The record after a pass: finished, with its next tick, or of the drain that has waited for it. */
export function concluded(
  pass: Pass,
  { step, result }: PassEnd,
  followed: TickId | undefined,
): NodeRecord {
  const { record, now, ports } = pass;
  const { lease: _ended, waiting, tick: _over, ...rest } = record;
  if (result.kind === "finish") {
    const { outcome, why } = result;
    const finished = { ...rest, finished: { outcome, why, at: now } };
    // join-client is to have that instance first.
    return (outcome !== "root-volume-replaced" && goOn(finished, pass)) || finished;
  }
  const isTooLate = record.flow === "heal-node" && record.later?.some((each) => isDue(each, pass));
  const forced = isTooLate && goOn(rest, pass);
  if (forced) return forced;
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

function goOn(record: NodeRecord, { now, ports }: Pass): NodeRecord | undefined {
  const { nodeId } = record;
  const isStillWanted = (intent: Intent) => !isOver(record, intent);
  return takeUpAgain(record, isStillWanted, { nodeId, now, newId: ports.newId });
}

/**
 * Sends the next tick, after the write: a crash in between is mended by the message, which comes back. An
 * event is merged again and makes a pass; a tick is followed because the record knows the tick it replaced.
 * What another flow is to go on with it hears of by a hint. Should that get lost, the sweep finds the tick
 * overdue.
 */
export async function sendTick(
  record: NodeRecord,
  { result }: PassEnd,
  { ports, record: { flow } }: Pass,
): Promise<void> {
  const { nodeId, tick } = record;
  if (!tick) return;
  if (record.flow !== flow) return ports.hints.send(record.flow, reminders(record));
  const seconds = result.kind === "again" ? result.afterSeconds : TAKEN_UP_AFTER_SECONDS;
  await ports.ticks.send({ nodeId, tickId: tick.id }, seconds);
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
