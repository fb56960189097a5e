import type { Value } from "../../../domain/rotate/kind.ts";
import { tokenOf } from "../../http/token-field.ts";
import type { ConsulSession } from "../consul-session.ts";
import { OWN_TOKEN_PATH } from "../status-table.ts";
import { TokenReading } from "./token-reading.ts";

/** What a token says of itself, which takes no permission; undefined when it is dead. */
export async function readOwnToken(
  session: Pick<ConsulSession, "as">,
  value: Value,
): Promise<TokenReading | undefined> {
  const call = { method: "GET", path: OWN_TOKEN_PATH } as const;
  return (await session.as(tokenOf(value, "consul")).read(call, TokenReading))?.value;
}
