/** Makes something when it is first asked for; it is tried again if that fails. */
export function madeOnce<T>(make: () => T | Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= (async () => make())().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
