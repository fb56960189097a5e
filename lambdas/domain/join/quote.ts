import { stripVTControlCharacters } from "node:util";
import { redact } from "./redact.ts";

/**
 * What a machine wrote, fit to be kept and shown: without what looks like a secret, without control
 * characters, and at most so long. Of what is too long the end is kept.
 */
export function quote(text: string, mostCharacters: number): string {
  const plain = stripVTControlCharacters(text).replace(/[^\P{C}\n\t]/gu, "");
  const safe = redact(plain).trim();
  return safe.length > mostCharacters ? `…${safe.slice(-mostCharacters)}` : safe;
}
