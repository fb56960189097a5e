import type * as z from "zod";
import { describeIssues } from "../../lambdas/contracts/message.ts";
import { UserError } from "./failure.ts";

/** Reads an item of the table. @param what to call it. @throws {UserError} naming its field that is wrong. */
export function readItem<Schema extends z.ZodType>(
  schema: Schema,
  item: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(item);
  if (result.success) return result.data;
  throw new UserError(`${what} can't be read: ${describeIssues(result.error)}`);
}
