import type { Finding } from "../finding.ts";
import type { Survey } from "../survey.ts";
import { agentSilent } from "./agent-silent.ts";
import { consulFailed } from "./consul-failed.ts";
import { consulGone } from "./consul-gone.ts";
import { instanceEnds } from "./instance-ends.ts";
import { leftOver } from "./left-over.ts";
import { nodeAbsent } from "./node-absent.ts";
import { nodeDown } from "./node-down.ts";
import { nodeGone } from "./node-gone.ts";
import { retained } from "./retained.ts";
import { scheduledChange } from "./scheduled-change.ts";
import { spotMarked } from "./spot-marked.ts";
import { statusImpaired } from "./status-impaired.ts";
import { waitingAtHook } from "./waiting-at-hook.ts";

/** What there is to find about one node; what leaves the least time comes first. */
export const RULES: readonly ((survey: Survey) => Finding[])[] = [
  spotMarked,
  instanceEnds,
  waitingAtHook,
  nodeDown,
  nodeAbsent,
  consulFailed,
  statusImpaired,
  agentSilent,
  scheduledChange,
  retained,
  leftOver,
  nodeGone,
  consulGone,
];
