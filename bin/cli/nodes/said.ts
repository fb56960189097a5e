/** What one source said of the nodes; or why it said nothing. */
export type Said<Value> =
  | { readonly kind: "said"; readonly value: Value }
  | { readonly kind: "not-asked"; readonly because: string }
  | { readonly kind: "failed"; readonly error: Error };

/** What was said, or undefined: nothing is concluded from silence. */
export function heardFrom<Value>(said: Said<Value>): Value | undefined {
  return said.kind === "said" ? said.value : undefined;
}

/** Asks a source. A failure is an answer too, so that the other sources are still shown. */
export async function ask<Value>(read: () => Promise<Value>): Promise<Said<Value>> {
  try {
    return { kind: "said", value: await read() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: "failed", error };
  }
}
