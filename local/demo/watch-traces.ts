import { plusSeconds } from "../clock.ts";
import type { ModelCluster } from "../model-cluster.ts";
import type { Happening } from "./happening.ts";
import { GONE, type Known, type Trace, whatIsKnown } from "./known.ts";
import type { Moments } from "./moments.ts";

const LOOK_SECONDS = 0.05;

/** Tells what the systems come to know of an instance and forget again, and what it says itself. */
export function watchTraces(
  cluster: ModelCluster,
  instanceId: string,
  moments: Moments,
  tell: (happening: Happening) => void,
): void {
  const { clock, ec2 } = cluster.aws;
  let before = new Map<Trace, Known>();
  let written = 0;
  const look = () => {
    const at = clock.now();
    const now = whatIsKnown(cluster, instanceId);
    for (const happening of differences(before, now)) tell({ at, ...happening });
    note(moments, before, now, at);
    before = now;
    const instance = ec2.get(instanceId);
    const text = instance.state === "running" ? ec2.consoles.read(instance, true) : "";
    const lines = text.split("\n").filter(Boolean);
    // Each begins with a time.
    for (const line of lines.slice(written)) {
      tell({ at, who: "the instance", text: line.slice(line.indexOf(" ") + 1) });
    }
    written = Math.max(written, lines.length);
    clock.at(plusSeconds(at, LOOK_SECONDS), look);
  };
  look();
}

function differences(before: ReadonlyMap<Trace, Known>, now: ReadonlyMap<Trace, Known>): Known[] {
  const gone = [...before.keys()].filter((trace) => !now.has(trace)).map((trace) => GONE[trace]);
  const said = [...now].filter(([trace, { text }]) => before.get(trace)?.text !== text);
  return [...said.map(([, known]) => known), ...gone];
}

function note(
  moments: Moments,
  before: ReadonlyMap<Trace, Known>,
  now: ReadonlyMap<Trace, Known>,
  at: Date,
): void {
  const isGone = (...traces: Trace[]) =>
    traces.some((trace) => before.has(trace)) && !traces.some((trace) => now.has(trace));
  if (now.has("introduction")) moments.note("introduced", at);
  if (now.has("vaultToken")) moments.note("loggedIn", at);
  if (isGone("consulEntry")) moments.note("consulEntryGone", at);
  if (isGone("consulToken")) moments.note("consulTokenGone", at);
  if (isGone("vaultToken")) moments.note("vaultTokenGone", at);
  if (isGone("introduction", "report")) moments.note("parametersGone", at);
}
