/**
 * A value that never changes, asked for until it has been told once. Callers at the same time share
 * one call; a failed one is not remembered.
 */
export function toldOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let told: Promise<T> | undefined;
  return () => {
    told ??= ask().catch((error: unknown) => {
      told = undefined;
      throw error;
    });
    return told;
  };
}
