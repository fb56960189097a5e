import { readFileSync } from "node:fs";

const POLICY = new URL("../../../docs/policies/nomad-drover.hcl", import.meta.url);

/** The policy that docs/ has for Drover's Nomad token. */
export function droverRules(): string {
  return readFileSync(POLICY, "utf8");
}
