import type { Hint } from "../../contracts/hint.ts";
import type { FlowName } from "../../contracts/names.ts";

/** So long a hint may wait in its queue before it is told again. */
const PAUSE_SECONDS = 180;

/**
 * What was told a moment ago. Until its flow has read it no record knows of it, and a flow that can't keep
 * up would get the same again every minute. It lives as long as the function instance: without it something
 * is told twice, which does no harm.
 */
export class RecentlyTold {
  readonly #at = new Map<string, number>();

  has(flow: FlowName, hint: Hint, now: Date): boolean {
    const at = this.#at.get(nameOf(flow, hint));
    return at !== undefined && !isOver(at, now);
  }

  add(flow: FlowName, hints: readonly Hint[], now: Date): void {
    for (const [name, at] of this.#at) if (isOver(at, now)) this.#at.delete(name);
    for (const hint of hints) this.#at.set(nameOf(flow, hint), now.getTime());
  }
}

function nameOf(flow: FlowName, { nodeId, hint }: Hint): string {
  return `${flow}/${nodeId}/${hint.key}`;
}

function isOver(at: number, now: Date): boolean {
  return now.getTime() - at >= PAUSE_SECONDS * 1_000;
}
