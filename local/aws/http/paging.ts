import { AwsError, validationError } from "../aws-error.ts";
import type { QueryParameters } from "./query-parameters.ts";

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

/** Auto Scaling's `MaxRecords`. @throws {AwsError} ValidationError when it is out of bounds. */
export function pageSize(parameters: QueryParameters, most: number, usual = most): number {
  const size = parameters.number("MaxRecords") ?? usual;
  if (size >= 1 && size <= most) return size;
  throw validationError(`MaxRecords must be between 1 and ${most}`);
}
