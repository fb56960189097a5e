import { readFileSync } from "node:fs";
import { consulOperator } from "../../clients/contract/consul-cluster.ts";

type Server = Parameters<typeof consulOperator>[0];

const DOCUMENT = new URL("../../../docs/join.md", import.meta.url);
const RULES = /^### What Drover needs of Consul$[^#]*?^```hcl$(.*?)^```$/ms;

/** Gives Drover a token with the rules of docs/join.md, and no others. @returns its secret. */
export async function makeDroverToken(server: Server): Promise<string> {
  const [, rules] = RULES.exec(readFileSync(DOCUMENT, "utf8")) ?? [];
  if (!rules) throw new Error("docs/join.md has no rules for Drover's Consul token");
  await consulOperator(server, "PUT", "/v1/acl/policy", { Name: "drover", Rules: rules });
  const body = { Description: "Drover", Policies: [{ Name: "drover" }] };
  const made = await consulOperator(server, "PUT", "/v1/acl/token", body);
  return (made as { SecretID: string }).SecretID;
}
