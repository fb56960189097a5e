import type { Permissions } from "../constructs/function-role.ts";

/** All of them in one. */
export function combine(...all: readonly Permissions[]): Permissions {
  return {
    statements: all.flatMap(({ statements }) => statements),
    secrets: all.flatMap(({ secrets = [] }) => secrets),
    wildcards: Object.assign({}, ...all.map(({ wildcards }) => wildcards)),
  };
}
