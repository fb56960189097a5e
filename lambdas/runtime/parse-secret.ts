import type * as z from "zod";
import { PortError } from "../domain/ports/errors.ts";

/**
 * Reads the JSON in a secret's text.
 * @param id names the secret in the error, which holds nothing of the text: the parser's own would.
 * @param expected how the JSON has to look.
 * @throws {PortError} `invalid`.
 */
export function parseSecret<T extends z.ZodType>(
  schema: T,
  text: string,
  id: string,
  expected: string,
): z.output<T> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const message = `secret ${id} must hold JSON ${expected}`;
  throw new PortError("secrets-manager", "invalid", message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
