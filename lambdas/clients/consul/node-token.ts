import { v5 } from "uuid";
import * as z from "zod";
import type { NodeId } from "../../contracts/ids.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { OWN_TOKEN_PATH } from "./status-table.ts";

/** Of Drover's own making: the same node id gives the same accessor id everywhere and for ever. */
const NAMESPACE = "c9a3b1f4-6d0e-5f6a-9d5e-3b7f0f2f8a61";

const Token = z.object({
  AccessorID: z.string(),
  SecretID: z.string(),
  NodeIdentities: z.array(z.object({ NodeName: z.string(), Datacenter: z.string() })).nullish(),
});
type Token = z.infer<typeof Token>;

/** The accessor id of a node's token. */
export function accessorOf(id: NodeId): string {
  return v5(id, NAMESPACE);
}

/** The ACL tokens of nodes. */
export class NodeTokens {
  readonly #http: ApiHttp;
  readonly #datacenter: () => Promise<string>;

  /** @param datacenter in which the nodes are. */
  constructor(http: ApiHttp, datacenter: () => Promise<string>) {
    this.#http = http;
    this.#datacenter = datacenter;
  }

  /** Makes the node's token, or finds it. @returns its secret. */
  async issue(id: NodeId, nodeName: string): Promise<string> {
    const accessor = accessorOf(id);
    const identity = { NodeName: nodeName, Datacenter: await this.#datacenter() };
    const made = await this.#create(id, accessor, identity).catch(async (error: unknown) => {
      // "AccessorID is already in use": made before, or by a try whose answer was lost.
      if (!(error instanceof PortError) || error.kind !== "invalid") throw error;
      const found = await this.#read(accessor);
      if (!found) throw error;
      return found;
    });
    assertIdentity(made, identity);
    return made.SecretID;
  }

  /** @returns undefined when there was none: older Consuls say yes to deleting that too. */
  async revoke(id: NodeId): Promise<"done" | undefined> {
    const accessor = accessorOf(id);
    if (!(await this.#read(accessor))) return undefined;
    const path = `/v1/acl/token/${accessor}`;
    await this.#http.send({ method: "DELETE", path, repeatable: true });
    return "done";
  }

  async #create(id: NodeId, accessor: string, identity: Identity): Promise<Token> {
    const body = {
      AccessorID: accessor,
      Description: `Made by Drover for node ${id}`,
      NodeIdentities: [identity],
      Local: false,
    };
    const path = "/v1/acl/token";
    const made = await this.#http.read({ method: "PUT", path, body, repeatable: true }, Token);
    if (made) return made.value;
    throw new PortError("consul", "invalid", `PUT ${path}: Consul made no token`);
  }

  async #read(accessor: string): Promise<Token | undefined> {
    const call = { method: "GET", path: `/v1/acl/token/${accessor}` } as const;
    const found = await this.#http.read(call, Token);
    if (found) return found.value;
    // An old Consul gives the same answer when it is our own token that it does not find. This
    // throws then, or lets the token be fetched anew, with which we have to ask again.
    await this.#http.send({ method: "GET", path: OWN_TOKEN_PATH });
    return (await this.#http.read(call, Token))?.value;
  }
}

type Identity = { readonly NodeName: string; readonly Datacenter: string };

function assertIdentity(token: Token, { NodeName, Datacenter }: Identity): void {
  const path = `/v1/acl/token/${token.AccessorID}`;
  const has = token.NodeIdentities?.some(
    (identity) => identity.NodeName === NodeName && identity.Datacenter === Datacenter,
  );
  if (!has) {
    throw new PortError(
      "consul",
      "invalid",
      `GET ${path}: the node's token is not for ${NodeName} in ${Datacenter}: delete it, then a new one is made`,
    );
  }
  // To a token that may only read them, Consul shows other tokens' secrets as "<hidden>".
  if (!z.guid().safeParse(token.SecretID).success) {
    throw new PortError(
      "consul",
      "denied",
      `GET ${path}: Consul hides the secret. The Consul token needs acl = "write"`,
    );
  }
}
