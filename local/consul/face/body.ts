import type * as z from "zod";
import { type Call, Refusal } from "./call.ts";

/** The body of a request. @throws {Refusal} 400 in Consul's words for one that can't be read. */
export function bodyOf<Schema extends z.ZodType>(
  { body }: Call,
  schema: Schema,
  what = "Request decode",
): z.infer<Schema> {
  const result = schema.safeParse(parse(body, what));
  if (result.success) return result.data;
  throw new Refusal(400, `${what} failed: ${result.error.issues[0]?.message}`);
}

function parse(body: string, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, `${what} failed: unexpected EOF`);
  }
}
