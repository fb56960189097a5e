import { readFileSync } from "node:fs";
import { consulOperator } from "../../clients/contract/consul-cluster.ts";

type Server = Parameters<typeof consulOperator>[0];

/** Gives Drover a token with the rules that docs/ has for it, and no others. @returns its secret. */
export async function makeDroverToken(server: Server): Promise<string> {
  return makeToken(server, "drover", documented("consul-drover"));
}

/** Gives rotate-tokens a token with the rules that docs/ has for it, and no others. @returns its secret. */
export async function makeRotateToken(server: Server): Promise<string> {
  return makeToken(server, "rotate", documented("consul-rotate"));
}

/** Makes a policy, and a token with it. @returns its secret. */
export async function makeToken(server: Server, name: string, Rules: string): Promise<string> {
  await consulOperator(server, "PUT", "/v1/acl/policy", { Name: name, Rules });
  const body = { Description: `Token of ${name}`, Policies: [{ Name: name }] };
  const made = await consulOperator(server, "PUT", "/v1/acl/token", body);
  return (made as { SecretID: string }).SecretID;
}

function documented(policy: string): string {
  return readFileSync(new URL(`../../../docs/policies/${policy}.hcl`, import.meta.url), "utf8");
}
