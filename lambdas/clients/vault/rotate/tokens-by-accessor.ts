import * as z from "zod";
import type { AttemptId } from "../../../contracts/rotation-item.ts";
import type { ApiCall, ApiHttp } from "../../http/api-http.ts";
import type { VaultSession } from "../vault-session.ts";
import { isMadeFor, type Maker, those } from "./made-for.ts";
import { metadataOf } from "./remembered-metadata.ts";
import { type LookedUp, TokenReading } from "./token-reading.ts";

const Accessors = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const LIST = { method: "GET", path: "/v1/auth/token/accessors/", query: { list: "true" } } as const;

/** @returns undefined when it is dead. */
export async function lookUpToken(http: ApiHttp, accessor: string): Promise<LookedUp | undefined> {
  return (await http.read(byAccessor("lookup", accessor), TokenReading))?.value.data;
}

/** Ends a token and its children. One that is dead already is no error. */
export async function revokeToken(http: ApiHttp, accessor: string): Promise<void> {
  await http.send(byAccessor("revoke", accessor));
}

/**
 * The accessors of all tokens that live and whose metadata says that they were made for an attempt. A login's
 * token has the metadata of the secret id that it came with.
 * @param attempt @default any one of this rotation's
 */
export async function tokensMadeFor(
  session: VaultSession,
  maker: Maker,
  attempt?: AttemptId,
): Promise<string[]> {
  const { http } = session;
  const all = (await http.read(LIST, Accessors))?.value.data.keys ?? [];
  const meta = metadataOf(session, all, async (each) => (await lookUpToken(http, each))?.meta);
  return those(all, async (each) => isMadeFor(maker, attempt, await meta(each)));
}

function byAccessor(what: "lookup" | "revoke", accessor: string): ApiCall {
  const path = `/v1/auth/token/${what}-accessor`;
  return { method: "POST", path, body: { accessor }, repeatable: true };
}
