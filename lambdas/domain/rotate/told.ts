import type { Told } from "./record.ts";

/** Machines that are named when they have failed, or when they are waited for. */
const NAMED = 10;

/** Those that have said that they can't take it. */
export function failedOf(told: readonly Told[] = []): readonly Told[] {
  return told.filter(({ result }) => hasFailed(result));
}

export function hasFailed(result: Told["result"]): boolean {
  return result !== undefined && result !== "success" && result !== "gone";
}

export function namesOf(told: readonly Told[]): string {
  const names = [...new Set(told.map(({ nodeId }) => nodeId))];
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** All of hundreds of machines would not go into the record, nor into an event. */
export function describe(told: readonly Told[], what: string): string {
  const named = told.slice(0, NAMED).map(({ nodeId, result, output = "" }) => {
    const how = result ? ` (${result})` : "";
    return `${nodeId} ${what}${how} ${output}`.trim();
  });
  const more = told.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
