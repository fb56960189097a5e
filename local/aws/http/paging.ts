import { AwsError } from "../aws-error.ts";

/** One page of a list and the token of the next. */
export function pageOf<T>(
  items: readonly T[],
  size: number,
  token: string | undefined,
): { readonly page: readonly T[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start)) {
    throw new AwsError("InvalidNextToken", "The NextToken value is not valid.");
  }
  const end = start + size;
  return { page: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
