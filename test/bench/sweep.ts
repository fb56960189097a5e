import type { Config } from "../../lambdas/contracts/config.ts";
import { round } from "./percentile.ts";
import { type Probed, startProbe } from "./sweep-probe.ts";
import { type SweepStage, sweepStage } from "./sweep-stage.ts";

const TARGET_SECONDS = 30;
const TARGET_MEGABYTES = 512;
/** The share of a processor that Lambda gives to so much memory. */
const PROCESSOR_SHARE = TARGET_MEGABYTES / 1_769;
const SIZES = [100, 1_000, 10_000];
const NAMES: readonly Config["nodeNames"][] = ["instance-id", "host-name"];
/** By then the sweep has asked EC2 for every host's name. */
const STEADY_AFTER = 6;

/**
 * A sweep of clusters of three sizes: time, memory and calls, when all is well and when a tenth of the nodes
 * is in trouble. The models are in this process, the function in one of its own.
 */
export async function sweep(): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  for (const nodeNames of NAMES) {
    let smaller: Measured | undefined;
    for (const nodes of SIZES) {
      const stage = await sweepStage(nodes, nodeNames);
      const measured = await measure(stage, nodes);
      await stage.close();
      lines.push({ nodeNames, ...lineOf(measured, smaller) });
      smaller = measured;
    }
  }
  return lines;
}

interface Measured {
  readonly nodes: number;
  readonly first: Probed;
  readonly steady: Probed;
  readonly calls: Readonly<Record<string, number>>;
  readonly trouble: Probed;
  readonly troubleCalls: Readonly<Record<string, number>>;
  readonly troubled: number;
  readonly told: number;
}

async function measure(stage: SweepStage, nodes: number): Promise<Measured> {
  const probe = startProbe(stage.bundle, stage.environment, TARGET_MEGABYTES);
  try {
    const first = await probe.next();
    for (let n = 1; n < STEADY_AFTER; n++) await probe.next();
    stage.calls();
    const steady = await probe.next();
    const calls = stage.calls();
    const troubled = await stage.makeTrouble();
    stage.calls();
    const trouble = await probe.next();
    const troubleCalls = stage.calls();
    const told = stage.queues.reduce((sum, { queue }) => sum + queue.bodies().length, 0);
    return { nodes, first, steady, calls, trouble, troubleCalls, troubled, told };
  } finally {
    probe.end();
  }
}

function lineOf(measured: Measured, smaller: Measured | undefined): Record<string, unknown> {
  const { nodes, first, steady, calls, trouble, troubleCalls, troubled, told } = measured;
  return {
    nodes,
    seconds: round(steady.seconds),
    cpuSeconds: round(steady.cpuSeconds),
    firstSeconds: round(first.seconds),
    firstCpuSeconds: round(first.cpuSeconds),
    // What it would take of a processor of which it has a share.
    secondsOnLambda: round(steady.cpuSeconds / PROCESSOR_SHARE),
    firstSecondsOnLambda: round(first.cpuSeconds / PROCESSOR_SHARE),
    heapMegabytes: round(steady.heapMegabytes),
    residentMegabytes: round(steady.residentMegabytes),
    calls: sum(calls),
    callsByApi: calls,
    inTrouble: {
      nodes: troubled,
      told,
      seconds: round(trouble.seconds),
      cpuSeconds: round(trouble.cpuSeconds),
      secondsOnLambda: round(trouble.cpuSeconds / PROCESSOR_SHARE),
      heapMegabytes: round(trouble.heapMegabytes),
      residentMegabytes: round(trouble.residentMegabytes),
      calls: sum(troubleCalls),
      callsByApi: troubleCalls,
    },
    ...(smaller && { eachNodeMore: growth(measured, smaller) }),
    targetSeconds: TARGET_SECONDS,
    targetMegabytes: TARGET_MEGABYTES,
  };
}

/** What each node more takes; it must not grow with the size. */
function growth(larger: Measured, smaller: Measured): Record<string, number> {
  const nodes = larger.nodes - smaller.nodes;
  const more = (of: (each: Measured) => number) => (of(larger) - of(smaller)) / nodes;
  return {
    cpuMilliseconds: round(more(({ steady }) => steady.cpuSeconds) * 1_000),
    heapKilobytes: round(more(({ steady }) => steady.heapMegabytes) * 1_024),
    calls: round(more(({ calls }) => sum(calls))),
  };
}

function sum(calls: Readonly<Record<string, number>>): number {
  return Object.values(calls).reduce((a, b) => a + b, 0);
}
