import Table from "cli-table3";
import type { Ending, Measured } from "../../local/demo/story.ts";
import type { Subject } from "../../local/demo/subject.ts";
import { UserError } from "./failure.ts";

/** What was measured, as a table. */
export function report(measured: Measured): string {
  const table = new Table({ style: { head: [], border: [] }, colAligns: ["left", "right"] });
  for (const part of Object.values(measured)) {
    for (const [name, value] of Object.entries(part)) table.push([name, `${value.toFixed(2)} s`]);
  }
  return table.toString();
}

/** @throws {UserError} saying what did not happen, who was killed, what is left where, or what else is wrong. */
export function assertAllWell({
  subjects,
  troubles = [],
}: Pick<Ending, "subjects" | "troubles">): void {
  for (const subject of subjects) assertWell(subject);
  if (troubles.length > 0) throw new UserError(troubles.join("; "));
}

function assertWell({ moments, instanceId, ends, leftovers }: Subject): void {
  const { killed } = moments;
  if (killed.length > 0) {
    throw new UserError(`${instanceId} was let go while these ran: ${killed.join(", ")}`);
  }
  const left = ends ? leftovers() : [];
  if (left.length > 0) throw new UserError(`of ${instanceId} this is left: ${left.join(", ")}`);
  const missing = moments.missing();
  if (missing.length > 0) {
    throw new UserError(`of ${instanceId} this never happened: ${missing.join(", ")}`);
  }
}
