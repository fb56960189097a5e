import { readFileSync } from "node:fs";

const DOCUMENT = new URL("../../../docs/deploy.md", import.meta.url);
const RULES = /^```hcl$\n# drover\.policy\.hcl$(.*?)^```$/ms;

/** The policy that docs/deploy.md has for Drover's Nomad token. */
export function droverRules(): string {
  const [, rules] = RULES.exec(readFileSync(DOCUMENT, "utf8")) ?? [];
  if (rules) return rules;
  throw new Error("docs/deploy.md has no drover.policy.hcl for Drover's Nomad token");
}
