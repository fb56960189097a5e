/** What a JSON text says; undefined when it is none. `JSON.parse`'s error quotes the text, which may be a secret. */
export function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
