import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { ModelCluster } from "../model-cluster.ts";
import type { Happening, Tell } from "./happening.ts";
import { NAMES, whatIsKnown } from "./known.ts";
import { type Moment, Moments } from "./moments.ts";
import type { Narrator } from "./narrator.ts";
import { watchAgents } from "./watch-agents.ts";
import { watchAws } from "./watch-aws.ts";
import { watchTraces } from "./watch-traces.ts";

/** An instance that a story is about. */
export interface Subject {
  readonly instanceId: NodeId;
  readonly moments: Moments;
  /** true: it ends, and nothing of it may be left. */
  readonly ends: boolean;
  /** What any system still knows of it: each with its name, and nothing secret. */
  leftovers(): string[];
}

export interface SubjectInput {
  readonly instanceId: NodeId;
  /** What it is called, where there are several. */
  readonly name?: string;
  /** What has to happen to it. */
  readonly expected: readonly Moment[];
  /** @default true */
  readonly ends?: boolean;
}

/** Has all that happens to an instance told, from now on: by the systems, and by Drover. */
export function watch(
  cluster: ModelCluster,
  { instanceId, name, expected, ends = true }: SubjectInput,
  narrator: Pick<Narrator, "tell" | "follow">,
): Subject {
  const moments = new Moments(expected);
  const tell: Tell = (happening: Happening) =>
    narrator.tell(name ? { ...happening, text: `${name}: ${happening.text}` } : happening);
  watchAws(cluster, instanceId, moments, tell);
  watchAgents(cluster, instanceId, moments, tell);
  watchTraces(cluster, instanceId, moments, tell);
  narrator.follow(instanceId, name);
  return {
    instanceId,
    moments,
    ends,
    leftovers: () =>
      [...whatIsKnown(cluster, instanceId)].map(([trace, { who }]) => `${NAMES[trace]} in ${who}`),
  };
}
