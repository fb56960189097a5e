import { randomUUID } from "node:crypto";
import { v5 } from "uuid";
import * as z from "zod";
import type { NodeId } from "../../contracts/ids.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { readToken, TOKEN_PATH } from "./read-token.ts";

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

  /**
   * Makes the node's token, or finds it. What was made is read again: of two that make it in the same
   * moment Consul may tell both that they did. The node record's lease keeps that from happening.
   * @returns its secret.
   */
  async issue(id: NodeId, nodeName: string): Promise<string> {
    const accessor = accessorOf(id);
    const identity = { NodeName: nodeName, Datacenter: await this.#datacenter() };
    const refusal = await this.#create(id, accessor, identity);
    const token = await this.#read(accessor);
    if (token) return secretOf(token, identity);
    throw refusal ?? new PortError("consul", "invalid", `PUT ${TOKEN_PATH}: no token was made`);
  }

  /** @returns undefined when there was none: older Consuls say yes to deleting that too. */
  async revoke(id: NodeId): Promise<"done" | undefined> {
    const accessor = accessorOf(id);
    if (!(await this.#read(accessor))) return undefined;
    const path = `${TOKEN_PATH}/${accessor}`;
    await this.#http.send({ method: "DELETE", path, repeatable: true });
    return "done";
  }

  /**
   * The secret is ours to choose. Consul's check for a token of that accessor id does not see one that
   * is just being made, and 1.8.7 then keeps both, by their secrets: so a second try, while the first
   * one still goes on, has to be the same to the letter.
   * @returns why none was made: "AccessorID is already in use", or a token that can't be.
   */
  async #create(id: NodeId, accessor: string, identity: Identity): Promise<PortError | undefined> {
    const secret = randomUUID();
    const call = {
      method: "PUT",
      path: TOKEN_PATH,
      body: {
        AccessorID: accessor,
        SecretID: secret,
        Description: `Made by Drover for node ${id}`,
        NodeIdentities: [identity],
        Local: false,
      },
      repeatable: true,
      secrets: [secret],
    } as const;
    try {
      await this.#http.send(call);
      return undefined;
    } catch (error) {
      if (error instanceof PortError && error.kind === "invalid") return error;
      throw error;
    }
  }

  #read(accessor: string): Promise<Token | undefined> {
    return readToken(this.#http, accessor, Token);
  }
}

type Identity = { readonly NodeName: string; readonly Datacenter: string };

/** @throws {PortError} when the token is not the node's, or its secret is kept from us. */
function secretOf(token: Token, { NodeName, Datacenter }: Identity): string {
  const path = `${TOKEN_PATH}/${token.AccessorID}`;
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
  return token.SecretID;
}
