import { readFileSync } from "node:fs";
import { TerminateLifecycleEvent } from "../../lambdas/contracts/events/lifecycle-event.ts";

/** A documented sample event, as its file has it. */
export function sampleEvent(name: string): Record<string, unknown> {
  return JSON.parse(
    readFileSync(new URL(`../fixtures/events/${name}.json`, import.meta.url), "utf8"),
  );
}

/** The documented terminate event with other fields in its detail or around it. */
export function terminateEvent(
  detail: Record<string, unknown> = {},
  envelope: Record<string, unknown> = {},
): TerminateLifecycleEvent {
  const sample = sampleEvent("terminate-lifecycle-action");
  return TerminateLifecycleEvent.parse({
    ...sample,
    ...envelope,
    detail: { ...(sample.detail as object), ...detail },
  });
}
