import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { NamedCall } from "../http/api.ts";
import type { ApiHttp } from "../http/api-http.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import { fixForDenied } from "./consul-api.ts";
import { AUTHORIZE_PATH } from "./status-table.ts";

const Verdicts = z.array(z.object({ Allow: z.boolean() }));

/**
 * Makes sure that a read which found nothing was not just kept from us: to a token that may not
 * read a node Consul answers 200 as if there were none. Newer ones (1.11) say so in a header, older
 * ones have to be asked.
 * @throws {PortError} `denied` when the token may not read the node.
 */
export async function assertNotHidden(
  http: ApiHttp,
  call: NamedCall,
  name: string,
  answer: HttpAnswer | undefined,
): Promise<void> {
  if (!isFiltered(answer) && (await mayReadNode(http, name))) return;
  throw keptBack(call, "the node");
}

/**
 * Makes sure that a list is whole. A rule that denies nodes of one particular name is seen by newer
 * Consuls alone.
 * @throws {PortError} `denied` when the token may not read all nodes.
 */
export async function assertNoneHidden(
  http: ApiHttp,
  call: NamedCall,
  answer: HttpAnswer | undefined,
): Promise<void> {
  if (!isFiltered(answer) && (await mayReadNode(http, ""))) return;
  throw keptBack(call, "nodes");
}

export function isFiltered(answer: HttpAnswer | undefined): boolean {
  return answer?.headers["x-consul-results-filtered-by-acls"] === "true";
}

function keptBack(call: NamedCall, what: string): PortError {
  return new PortError(
    "consul",
    "denied",
    `${call.method} ${call.path}: Consul keeps ${what} back. ${fixForDenied(call, true)}`,
  );
}

async function mayReadNode(http: ApiHttp, name: string): Promise<boolean> {
  const question = [{ Resource: "node", Access: "read", Segment: name }];
  const call = { method: "POST", path: AUTHORIZE_PATH, body: question, repeatable: true } as const;
  const said = await http.read(call, Verdicts);
  // Consul runs without ACLs, or is one that no longer answers this: then its header tells.
  if (!said) return true;
  return said.value.every(({ Allow }) => Allow);
}
