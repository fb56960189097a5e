import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { Value } from "../../domain/rotate/kind.ts";
import { parseQuietly } from "../quiet-json.ts";

const Fields = z.record(z.string(), z.string());

/**
 * What the text of a secret says: the fields of a JSON object, or the text itself as the field `token`; none, if
 * there is no text.
 * @param secret names it in errors, which hold nothing of the text.
 * @throws {PortError} `invalid`.
 */
export function readValue(text: string, secret: string): Value {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  if (!trimmed.startsWith("{")) return { token: trimmed };
  const fields = Fields.safeParse(parseQuietly(trimmed));
  if (fields.success) return fields.data;
  const want = "a text, or a JSON object with nothing but texts in it";
  throw new PortError("secrets-manager", "invalid", `secret ${secret} must hold ${want}`);
}

/** How a value is stored: always as JSON. */
export function writeValue(value: Value): string {
  return JSON.stringify(value);
}
