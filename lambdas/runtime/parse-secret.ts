import type * as z from "zod";

/**
 * Reads the JSON in a secret's text.
 * @param id names the secret in the error, which holds nothing of the text: the parser's own would.
 * @param expected how the JSON has to look.
 */
export function parseSecret<T extends z.ZodType>(
  schema: T,
  text: string,
  id: string,
  expected: string,
): z.output<T> {
  const message = `secret ${id} must hold JSON ${expected}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(message);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(message);
}
