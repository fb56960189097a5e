import { UserError } from "./failure.ts";

type Branch = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Sets a field by its path, as in `detail.EC2InstanceId=i-1`; a number is a place in a list, as in
 * `detail.affectedEntities.0.entityValue=i-1`, one after the last adds to it. Objects on the way are
 * made. The value is a string.
 * @returns a changed copy.
 * @throws {UserError} for a path that can't be followed.
 */
export function setField(
  object: Record<string, unknown>,
  assignment: string,
): Record<string, unknown> {
  const [, path, value] = /^([\w-]+(?:\.[\w-]+)*)=(.*)$/s.exec(assignment) ?? [];
  if (path === undefined || value === undefined) {
    throw new UserError(`--set ${assignment}: write it as path=value`);
  }
  return { ...setIn(object, path.split("."), value, assignment) };
}

function setIn(
  branch: Branch,
  [key = "", ...rest]: readonly string[],
  value: string,
  assignment: string,
): Branch {
  const below = (child: unknown): unknown =>
    rest.length === 0 ? value : setIn(isBranch(child) ? child : {}, rest, value, assignment);
  if (!isList(branch)) return { ...branch, [key]: below(branch[key]) };
  const place = /^\d+$/.test(key) ? Number(key) : Number.NaN;
  if (place <= branch.length) return branch.toSpliced(place, 1, below(branch[place]));
  const most = `a number from 0 to ${branch.length}`;
  throw new UserError(`--set ${assignment}: "${key}" is to be a place in a list: ${most}`);
}

function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null;
}

function isList(branch: Branch): branch is readonly unknown[] {
  return Array.isArray(branch);
}
