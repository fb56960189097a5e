import { joinCalls } from "./join-calls.ts";
import { joinPasses } from "./join-pass.ts";

/** Many launches at once: what a node costs the servers, and the passes' time beside the bare calls. */
export async function joinStorm(): Promise<Record<string, unknown>[]> {
  return [await joinPasses(), ...(await joinCalls())];
}
