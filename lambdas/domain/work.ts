import type { Config } from "../contracts/config.ts";
import { type NodeId, TickId } from "../contracts/ids.ts";
import type { Message } from "../contracts/message.ts";
import { METRICS } from "../contracts/names.ts";
import { TIMINGS } from "../contracts/timings.ts";
import { nodeOf, readIntent } from "./intents/read-intent.ts";
import { followsTick, mergeIntent } from "./merge.ts";
import { Pass } from "./pass.ts";
import { PortError } from "./ports/errors.ts";
import type { Ports } from "./ports/index.ts";
import type { NodeRecord } from "./record.ts";
import { type PassEnd, runFlow, upkeep } from "./run-flow.ts";
import type { Flow } from "./step.ts";

/** Writes tried against others who write the same record, before the message is left for later. */
const MOST_ATTEMPTS = 10;

/** One flow with all it works on. */
export interface Worker {
  readonly flow: Flow;
  readonly ports: Ports;
  readonly config: Config;
}

/**
 * Handles one message of a flow's queue: merges its intent into the node's record, takes the lease,
 * runs one pass, writes the record and sends the next tick. A message whose work is in other hands,
 * finished, or told by a newer tick is dropped.
 * @throws when something is broken; the message then comes back.
 */
export async function work(message: Message, worker: Worker): Promise<void> {
  if (message.kind === "test-notification") return;
  if (message.kind !== "tick" && !worker.flow.startedBy.includes(message.kind)) {
    throw new Error(`${worker.flow.name} does not handle ${message.kind}: its rules are wrong`);
  }
  const leased = await takeUp(message, worker);
  if (leased) await passUntilWritten(leased, message, worker);
}

type WorkMessage = Exclude<Message, { kind: "test-notification" }>;

async function takeUp(message: WorkMessage, worker: Worker): Promise<NodeRecord | undefined> {
  const { ports } = worker;
  const owner = ports.newId();
  const nodeId = message.kind === "tick" ? message.tick.nodeId : nodeOf(message);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const stored = await ports.nodes.get(nodeId);
    const merged = merge(message, stored, worker);
    if (!merged) return undefined;
    const now = ports.clock.now();
    const before = stored?.lease;
    if (stored && before && before.until > now && merged.flow !== stored.flow) {
      if (await takeOverLater(merged, before.until, worker)) return undefined;
      continue;
    }
    const isHeld = merged.lease && merged.lease.until.getTime() > now.getTime();
    if (isHeld && merged === stored) return undefined;
    const until = new Date(now.getTime() + TIMINGS.leaseSeconds * 1_000);
    const lease = { owner, until, ...(merged.lease && { tookOver: true }) };
    const written = await ports.nodes.put(isHeld ? merged : { ...merged, lease });
    if (written) return isHeld ? undefined : written;
  }
  throw contended(nodeId);
}

// A pass of the flow that is given up may still be at work, and what it does last must not come after
// what is done now. It can't write the record any more; when its lease is over it is over, too.
async function takeOverLater(record: NodeRecord, at: Date, { ports }: Worker): Promise<boolean> {
  const tick = { id: TickId.parse(ports.newId()), at };
  if (!(await ports.nodes.put({ ...record, tick }))) return false;
  const seconds = (at.getTime() - ports.clock.now().getTime()) / 1_000;
  await ports.ticks.send({ nodeId: record.nodeId, tickId: tick.id }, seconds);
  return true;
}

function merge(
  message: WorkMessage,
  stored: NodeRecord | undefined,
  { ports, config, flow }: Worker,
): NodeRecord | undefined {
  if (message.kind === "tick") {
    return followsTick(stored, message.tick.tickId) ? stored : undefined;
  }
  const now = ports.clock.now();
  const beginning = { nodeId: nodeOf(message), flow: flow.name, now, newId: ports.newId };
  return mergeIntent(stored, readIntent(message, config, now), beginning);
}

// Whoever merged an intent during the pass has changed the version: then the pass is made again.
async function passUntilWritten(
  leased: NodeRecord,
  message: WorkMessage,
  worker: Worker,
): Promise<void> {
  const { ports, config, flow } = worker;
  const followed = message.kind === "tick" ? message.tick.tickId : undefined;
  let record = leased;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const pass = new Pass(record, ports, config, await ports.control.mode());
    const end = await runFlow(flow, pass).catch((error) => fail(error, pass, flow));
    noteEnd(pass, end);
    await tellOutcome(pass, end);
    if (pass.journal.length > 0) await ports.journal.write(pass.journal);
    const concluded = conclude(pass, end, followed);
    if (await ports.nodes.put(concluded)) return sendTick(concluded, end, ports);
    const fresh = await ports.nodes.get(record.nodeId);
    if (!fresh || fresh.lease?.owner !== leased.lease?.owner) return;
    record = takeOver(fresh, pass.record);
  }
  throw contended(record.nodeId);
}

// Something is broken: keep what was done and why it failed, free the record, let the message fail.
async function fail(error: unknown, pass: Pass, flow: Flow): Promise<never> {
  pass.saw(`failed: ${error instanceof Error ? error.message : String(error)}`);
  // The hook has to live until the message comes back.
  await upkeep(flow, pass).catch((cause) => pass.saw(`failed meanwhile, too: ${cause}`));
  const { lease: _ended, ...record } = pass.record;
  const writes = [pass.ports.journal.write(pass.journal), pass.ports.nodes.put(record)];
  const failed = (await Promise.allSettled(writes)).filter(({ status }) => status === "rejected");
  if (failed.length === 0) throw error;
  throw new AggregateError([error, ...failed.map((f) => "reason" in f && f.reason)], String(error));
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

function conclude(
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

// After the write: a crash in between is mended by the message, which comes back. An event is merged
// again and makes a pass; a tick is followed because the record knows the tick it replaced.
async function sendTick(record: NodeRecord, { result }: PassEnd, ports: Ports): Promise<void> {
  if (!record.tick || result.kind !== "again") return;
  const tick = { nodeId: record.nodeId, tickId: record.tick.id };
  await ports.ticks.send(tick, result.afterSeconds);
}

function takeOver(fresh: NodeRecord, worked: NodeRecord): NodeRecord {
  const { progress, group, nomadNodeId, consulNode, nodeName, vaultTokenAccessor } = worked;
  const intents = fresh.intents.map(
    (intent) => worked.intents.find(({ key }) => key === intent.key) ?? intent,
  );
  return {
    ...fresh,
    progress,
    intents,
    ...(group && { group }),
    ...(nomadNodeId && { nomadNodeId }),
    ...(consulNode && { consulNode }),
    ...(nodeName && { nodeName }),
    ...(vaultTokenAccessor && { vaultTokenAccessor }),
  };
}

function contended(nodeId: NodeId): PortError {
  return new PortError("nodes", "unavailable", `the record of ${nodeId} changes all the time`);
}
