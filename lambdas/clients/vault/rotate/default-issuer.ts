import * as z from "zod";
import type { ApiHttp } from "../../http/api-http.ts";

const Reading = z.object({
  data: z.object({ default: z.string(), default_follows_latest_issuer: z.boolean().nullish() }),
});

/** Which CA of a PKI secrets engine issues, where nothing says otherwise. */
export interface DefaultIssuer {
  /** Undefined when there is none: then the next one that is made becomes it. */
  readonly id: string | undefined;
  /** Whether whatever is made becomes it at once. */
  readonly followsLatest: boolean;
}

export async function readDefaultIssuer(http: ApiHttp, mount: string): Promise<DefaultIssuer> {
  const path = `/v1/${mount}/config/issuers`;
  const data = (await http.read({ method: "GET", path }, Reading))?.value.data;
  return {
    id: data?.default || undefined,
    followsLatest: data?.default_follows_latest_issuer ?? false,
  };
}

export async function makeDefaultIssuer(http: ApiHttp, mount: string, id: string): Promise<void> {
  const path = `/v1/${mount}/config/issuers`;
  await http.send({ method: "POST", path, body: { default: id }, repeatable: true });
}

/** What would make a new CA issue before anybody trusts it, and how to mend it. */
export function followingDefect(mount: string, { followsLatest }: DefaultIssuer) {
  if (!followsLatest) return undefined;
  const what = `${mount}/config/issuers: a new CA would issue before anybody trusts it`;
  return `${what}: set default_follows_latest_issuer to false`;
}
