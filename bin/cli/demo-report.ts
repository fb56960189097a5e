import Table from "cli-table3";
import type { Moments } from "../../local/demo/moments.ts";
import type { Demo } from "../../local/demo/story.ts";
import { UserError } from "./failure.ts";

/** The moments of both halves that are told in seconds, from the event of each. */
export function measured(moments: Moments) {
  const since = moments.seconds.bind(moments);
  return {
    launch: {
      "launch event to introduction": since("launchEvent", "introduced"),
      "launch event to login at Vault": since("launchEvent", "loggedIn"),
      "launch event to eligible": since("launchEvent", "eligible"),
      "launch event to in service": since("launchEvent", "inService"),
    },
    terminate: {
      "terminate event to ineligible": since("terminateEvent", "ineligible"),
      "terminate event to empty": since("terminateEvent", "empty"),
      "last task stopped to hook completed": since("empty", "hookCompleted"),
      "instance terminated to nothing left": since("terminated", "purged"),
    },
  };
}

/** The same as a table. */
export function report(moments: Moments): string {
  const table = new Table({ style: { head: [], border: [] }, colAligns: ["left", "right"] });
  const { launch, terminate } = measured(moments);
  for (const [name, value] of Object.entries({ ...launch, ...terminate })) {
    table.push([name, `${value.toFixed(2)} s`]);
  }
  return table.toString();
}

/** @throws {UserError} saying what did not happen, who was killed, or what is left where. */
export function assertAllWell({ moments, instanceId, leftovers }: Demo): void {
  const { killed } = moments;
  if (killed.length > 0) {
    throw new UserError(`the hook was completed while these ran: ${killed.join(", ")}`);
  }
  const left = leftovers();
  if (left.length > 0) throw new UserError(`of ${instanceId} this is left: ${left.join(", ")}`);
  const missing = moments.missing();
  if (missing.length > 0) throw new UserError(`this never happened: ${missing.join(", ")}`);
}
