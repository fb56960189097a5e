import type { Permissions } from "../constructs/function-role.ts";

/** What somebody may who needs nothing. */
export const NOTHING: Permissions = { statements: [], wildcards: {} };
