import { PortError } from "../../domain/ports/errors.ts";

/** The same error, whose text begins with the parameter that it is about. */
export function namingParameter(name: string, error: PortError): PortError {
  const { system, kind, message, cause } = error;
  return new PortError(system, kind, `parameter ${name}: ${message}`, { cause });
}
