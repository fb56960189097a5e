import type * as z from "zod";
import { parseQuietly } from "../clients/quiet-json.ts";
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
  const parsed = schema.safeParse(parseQuietly(text));
  if (parsed.success) return parsed.data;
  const message = `secret ${id} must hold JSON ${expected}`;
  throw new PortError("secrets-manager", "invalid", message);
}
