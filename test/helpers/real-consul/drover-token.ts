import { readFileSync } from "node:fs";
import { consulOperator } from "../../clients/contract/consul-cluster.ts";

type Server = Parameters<typeof consulOperator>[0];

const POLICY = new URL("../../../docs/policies/consul-drover.hcl", import.meta.url);

/** Gives Drover a token with the rules that docs/ has for it, and no others. @returns its secret. */
export async function makeDroverToken(server: Server): Promise<string> {
  const Rules = readFileSync(POLICY, "utf8");
  await consulOperator(server, "PUT", "/v1/acl/policy", { Name: "drover", Rules });
  const body = { Description: "Drover", Policies: [{ Name: "drover" }] };
  const made = await consulOperator(server, "PUT", "/v1/acl/token", body);
  return (made as { SecretID: string }).SecretID;
}
