import { PortError } from "../../domain/ports/errors.ts";
import { toPortError } from "./sdk-error.ts";

/**
 * As `toPortError`, for calls that send a value which nobody else may see: what AWS says of a value that it
 * does not like can quote it.
 */
export function withoutValue(system: string, action: string, cause: unknown): PortError {
  if (cause instanceof Error && cause.name === "ValidationException") {
    const text = `${action} failed (${cause.name}; its text may hold the value and is left out)`;
    return new PortError(system, "invalid", text);
  }
  return toPortError(system, action, cause);
}
