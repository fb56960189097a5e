import * as z from "zod";
import type { NodeId } from "../../contracts/ids.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { INSTANCE_METADATA } from "./node-metadata.ts";

const TokenReading = z.object({
  data: z.object({ meta: z.record(z.string(), z.string()).nullish() }),
});

/** Revokes the token with this accessor if it is the node's; its metadata comes from the secret id. */
export async function revokeNodeToken(
  http: ApiHttp,
  id: NodeId,
  accessor: string,
): Promise<"done" | "another's" | undefined> {
  const call = (what: string) =>
    ({
      method: "POST",
      path: `/v1/auth/token/${what}`,
      body: { accessor },
      repeatable: true,
    }) as const;
  const found = await http.read(call("lookup-accessor"), TokenReading);
  if (!found) return undefined;
  if (found.value.data.meta?.[INSTANCE_METADATA] !== id) return "another's";
  const answer = await http.send(call("revoke-accessor"));
  return answer && "done";
}
