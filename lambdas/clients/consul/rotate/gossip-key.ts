import * as z from "zod";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind } from "../../../domain/rotate/kind.ts";
import { gossipKind } from "../../gossip/gossip-kind.ts";
import { type Keyring, orTrouble, type Pool } from "../../gossip/keyring.ts";
import type { ApiHttp } from "../../http/api-http.ts";
import type { ConsulSession } from "../consul-session.ts";
import { KEYRING_PATH } from "../status-table.ts";

/** By key. A key is a field's name here: no number may fail to be read, since messages name the field. */
const Counts = z
  .record(z.string(), z.number().catch(0))
  .nullish()
  .transform((counts) => new Map(Object.entries(counts ?? {})));

const Listed = z
  .array(
    z.object({
      WAN: z.boolean(),
      Datacenter: z.string(),
      Segment: z.string().nullish(),
      Keys: Counts,
      PrimaryKeys: Counts,
      NumNodes: z.number(),
    }),
  )
  .min(1);

/** The key of Consul's gossip, in the WAN and in every datacenter and segment that the server reaches. */
export function consulGossipKey(session: ConsulSession, clock: Clock): Kind {
  return gossipKind(consulKeyring(session.forKeyring), clock);
}

function consulKeyring(http: ApiHttp): Keyring {
  async function pools(): Promise<readonly Pool[]> {
    const found = await http.read({ method: "GET", path: KEYRING_PATH }, Listed);
    if (found) return found.value.map(poolOf);
    throw new PortError("consul", "invalid", `GET ${KEYRING_PATH}: there is no keyring`);
  }
  async function change(method: "POST" | "PUT" | "DELETE", Key: string): Promise<undefined> {
    await http.send({ method, path: KEYRING_PATH, body: { Key }, secrets: [Key] });
  }
  return {
    system: "consul",
    pools: () => orTrouble(pools()),
    install: (key) => orTrouble(change("POST", key)),
    use: (key) => orTrouble(change("PUT", key)),
    remove: (key) => orTrouble(change("DELETE", key)),
  };
}

function poolOf(listed: z.infer<typeof Listed>[number]): Pool {
  const { WAN, Datacenter, Segment, Keys, PrimaryKeys, NumNodes } = listed;
  const lan = Segment ? `segment ${Segment} of ${Datacenter}` : `the LAN of ${Datacenter}`;
  return { name: WAN ? "the WAN" : lan, members: NumNodes, keys: Keys, primaries: PrimaryKeys };
}
