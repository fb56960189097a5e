import { isAboutInstances } from "../contracts/events/health-event.ts";
import type { TickId } from "../contracts/ids.ts";
import type { Message } from "../contracts/message.ts";
import { METRICS } from "../contracts/names.ts";
import { TIMINGS } from "../contracts/timings.ts";
import { asksOf, healthHints, type Request } from "./intents/read-intent.ts";
import { earlier } from "./merge.ts";
import { Pass } from "./pass.ts";
import type { NodeRecord } from "./record.ts";
import { runFlow, upkeep } from "./run-flow.ts";
import type { Flow } from "./step.ts";
import { contended, MOST_ATTEMPTS, type Occasion, takeUp } from "./take-up.ts";
import type { Worker } from "./worker.ts";
import { concluded, sendTick, wrapUp } from "./wrap-up.ts";

/** So long a message that fails is delivered again and again. */
const REDELIVERY_SECONDS = TIMINGS.visibilityTimeoutSeconds * TIMINGS.maxReceiveCount;

/**
 * Handles one message of a flow's queue: merges its intent into the node's record, takes the lease,
 * runs one pass, writes the record and sends the next tick. A message whose work is in other hands,
 * finished, or told by a newer tick is dropped. One about several nodes becomes a message for each.
 * @param isCrowded many more are likely to wait in the queue.
 * @throws when something is broken; the message then comes back.
 */
export async function work(message: Message, worker: Worker, isCrowded = false): Promise<void> {
  const { flow, ports, config } = worker;
  if (message.kind === "test-notification") return;
  if (message.kind === "tick") {
    await visit({ nodeId: message.tick.nodeId, tick: message.tick }, worker, isCrowded);
    return;
  }
  if (!isStartedBy(flow, message)) {
    throw new Error(`${flow.name} does not handle ${message.kind}: its rules are wrong`);
  }
  const asks = asksOf(message, config, ports.clock.now());
  const isLook = asks.every(({ intent }) => !intent);
  if (message.kind === "health" && asks.length !== 1 && !(isLook && asks.length > 0)) {
    await split(message, worker);
    return;
  }
  for (const ask of asks) await visit(ask, worker, isCrowded);
}

function isStartedBy({ startedBy }: Flow, message: Message): message is Request {
  return message.kind === "hint" || startedBy.some((kind) => kind === message.kind);
}

async function split(
  { event }: Extract<Message, { kind: "health" }>,
  { flow, ports, config }: Worker,
): Promise<void> {
  // What one function tells another is taken for this account's.
  if (event.account !== config.account) return ports.metrics.count(METRICS.notOurs);
  const hints = healthHints(event);
  if (hints.length > 0) return ports.hints.send(flow.name, hints);
  if (event.detail.statusCode === "closed" || !isAboutInstances(event)) return;
  // Which instances are meant, EC2 itself tells: the sweep looks there.
  ports.metrics.count(METRICS.healthWithoutInstances);
  await ports.outcomes.report({
    finding: "health-event-without-instances",
    why: `AWS Health announces ${event.detail.eventTypeCode} and names no instance`,
    at: ports.clock.now(),
  });
}

async function visit(occasion: Occasion, worker: Worker, isCrowded: boolean): Promise<void> {
  const leased = await takeUp(occasion, worker);
  if (leased) await passUntilWritten(leased, occasion.tick?.tickId, worker, isCrowded);
}

// Whoever merged an intent during the pass has changed the version: then the pass is made again.
async function passUntilWritten(
  leased: NodeRecord,
  followed: TickId | undefined,
  worker: Worker,
  isCrowded: boolean,
): Promise<void> {
  const { ports, config, flow } = worker;
  let record = leased;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const pass = new Pass(record, ports, config, await ports.control.mode());
    pass.isCrowded = isCrowded;
    pass.tellIntents();
    const end = await runFlow(flow, pass).catch((error) => fail(error, pass, flow));
    await wrapUp(pass, end, flow);
    const after = concluded(pass, end, followed);
    if (await ports.nodes.put(after)) return sendTick(after, end, pass);
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
  const { lease: _ended, tick, ...record } = pass.record;
  // Until then the message itself comes back; after that the sweep tries again.
  const at = new Date(pass.now.getTime() + REDELIVERY_SECONDS * 1_000);
  const freed = { ...record, ...(tick && { tick: { ...tick, at } }) };
  const writes = [pass.ports.journal.write(pass.journal), pass.ports.nodes.put(freed)];
  const failed = (await Promise.allSettled(writes)).filter(({ status }) => status === "rejected");
  if (failed.length === 0) throw error;
  throw new AggregateError([error, ...failed.map((f) => "reason" in f && f.reason)], String(error));
}

function takeOver(fresh: NodeRecord, worked: NodeRecord): NodeRecord {
  const { progress, group, nomadNodeId, consulNode, nodeName, vaultTokenAccessor } = worked;
  const intents = fresh.intents.map(
    (intent) => worked.intents.find(({ key }) => key === intent.key) ?? intent,
  );
  // A drain of Drover's own choice that has begun has its time from its turn on, and not its patience.
  const { deadlineAt } = progress.drain ? worked : fresh;
  return {
    ...fresh,
    progress,
    intents,
    deadlineAt: earlier(fresh.deadlineAt, deadlineAt),
    ...(group && { group }),
    ...(nomadNodeId && { nomadNodeId }),
    ...(consulNode && { consulNode }),
    ...(nodeName && { nodeName }),
    ...(vaultTokenAccessor && { vaultTokenAccessor }),
  };
}
