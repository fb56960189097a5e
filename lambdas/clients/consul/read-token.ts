import type * as z from "zod";
import type { ApiHttp } from "../http/api-http.ts";
import { OWN_TOKEN_PATH } from "./status-table.ts";

export const TOKEN_PATH = "/v1/acl/token";

/** Reads an ACL token by its accessor. @returns undefined when there is none. */
export async function readToken<Schema extends z.ZodType>(
  http: ApiHttp,
  accessor: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  const call = { method: "GET", path: `${TOKEN_PATH}/${accessor}` } as const;
  const found = await http.read(call, schema);
  if (found) return found.value;
  // An old Consul gives the same answer when it is our own token that it does not find. This
  // throws then, or lets the token be fetched anew, with which we have to ask again.
  await http.send({ method: "GET", path: OWN_TOKEN_PATH });
  return (await http.read(call, schema))?.value;
}
