import { NodeId } from "../../lambdas/contracts/ids.ts";
import type { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import { type VaultServer, vaultOf } from "../clients/contract/vault-server.ts";
import type { Heard } from "../helpers/scripted-server.ts";
import { INSTANCE } from "./user-data-machine.ts";

/** An introduction with all there can be in it. */
export type Vaulted = Required<IntroductionParameter>;

/** What Drover puts into the parameter, with a secret id that it has had this Vault wrap. */
export async function introductionBy(server: VaultServer): Promise<Vaulted> {
  const wrapped = await vaultOf(server).vault.wrapSecretId(NodeId.parse(INSTANCE), 600);
  const { wrappingToken: wrappedSecretId, roleId, mount, creationPath } = wrapped;
  return {
    nodeName: INSTANCE,
    nomadIntroductionToken: "jwt-of-nomad",
    consulToken: "token-of-consul",
    vault: { mount, roleId, creationPath, wrappedSecretId },
  };
}

/** The secret id that a machine has logged in with. */
export function secretIdIn(heard: readonly Heard[]): string {
  const login = heard.find(({ url }) => url.pathname.endsWith("/login"));
  return (JSON.parse(login?.body ?? "{}") as { secret_id: string }).secret_id;
}
