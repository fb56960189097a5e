import { plusSeconds } from "../clock.ts";
import type { ModelCluster } from "../model-cluster.ts";
import type { Happening, Tell } from "./happening.ts";
import { GONE, type Known, type Trace, whatIsKnown } from "./known.ts";
import type { Moments } from "./moments.ts";

const LOOK_SECONDS = 0.05;

/**
 * Tells what the systems come to know of an instance from now on and forget again, and what it says
 * itself.
 */
export function watchTraces(
  cluster: ModelCluster,
  instanceId: string,
  moments: Moments,
  tell: Tell,
): void {
  const { aws, consul, nomad } = cluster;
  const { clock } = aws;
  const newLines = listen(cluster, instanceId);
  let before = whatIsKnown(cluster, instanceId);
  const look = () => {
    const at = clock.now();
    const now = whatIsKnown(cluster, instanceId);
    for (const known of differences(before, now)) tell({ at, ...known });
    note(moments, before, now, at);
    before = now;
    for (const line of newLines()) tell(line);
  };
  const lookAgain = () => {
    look();
    clock.at(plusSeconds(clock.now(), LOOK_SECONDS), lookAgain);
  };
  consul.onChange(look);
  nomad.onChange(({ kind }) => {
    if (kind === "node") look();
  });
  lookAgain();
}

/** @returns what gives the lines that the instance has written to its console since the last call. */
function listen({ aws: { ec2 } }: ModelCluster, instanceId: string): () => Happening[] {
  const read = () => ec2.consoles.read(ec2.get(instanceId), true).split("\n").filter(Boolean);
  let heard = read().length;
  return () => {
    const lines = read();
    const fresh = lines.slice(heard);
    heard = lines.length;
    return fresh.map((line) => {
      const [time = "", ...words] = line.split(" ");
      return { at: new Date(time), who: "the instance", text: words.join(" ") };
    });
  };
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
