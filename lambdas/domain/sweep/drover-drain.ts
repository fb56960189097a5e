import { DRAIN_META_KEY } from "../../contracts/names.ts";
import type { SurveyedNode } from "./ports.ts";

/** The id of Drover's own drain that is the latest of a node which lives and gets no work. */
export function droverDrain({ status, eligible, lastDrain }: SurveyedNode): string | undefined {
  if (eligible || status === "down" || lastDrain?.status !== "complete") return undefined;
  return lastDrain.meta[DRAIN_META_KEY];
}
