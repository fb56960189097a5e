/** Waits for all of them, whatever becomes of the others. @throws what went wrong. */
export async function allDone(works: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const errors = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("; "));
}
