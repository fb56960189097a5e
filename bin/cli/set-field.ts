import { UserError } from "./failure.ts";

/**
 * Sets a field of an object by its path, as in `detail.EC2InstanceId=i-1`; objects on the way are
 * made. The value is a string.
 * @returns a changed copy.
 */
export function setField(
  object: Record<string, unknown>,
  assignment: string,
): Record<string, unknown> {
  const [, path, value] = /^([\w-]+(?:\.[\w-]+)*)=(.*)$/s.exec(assignment) ?? [];
  if (path === undefined || value === undefined) {
    throw new UserError(`--set ${assignment}: write it as path=value`);
  }
  return setPath(object, path.split("."), value);
}

function setPath(
  object: Record<string, unknown>,
  [key = "", ...rest]: readonly string[],
  value: string,
): Record<string, unknown> {
  if (rest.length === 0) return { ...object, [key]: value };
  const child = object[key];
  const inner = typeof child === "object" && child !== null ? { ...child } : {};
  return { ...object, [key]: setPath(inner, rest, value) };
}
