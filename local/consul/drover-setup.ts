import type { TokenInput } from "./access.ts";

/** What the token may do that docs/policies has for Drover. */
export const DROVER_TOKEN: TokenInput = {
  description: "Drover",
  acl: "write",
  operator: "write",
  nodePrefix: { "": "write" },
  servicePrefix: { "": "write" },
  agentPrefix: { "": "read" },
};
