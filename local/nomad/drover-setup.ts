import type { TokenInput } from "./access.ts";

/** What the token may do that docs/policies has for Drover. */
export const DROVER_NOMAD_TOKEN: TokenInput = {
  node: "write",
  operator: "read",
  namespaces: { "*": ["read-job"] },
};
