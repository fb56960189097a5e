import * as z from "zod";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind } from "../../../domain/rotate/kind.ts";
import { gossipKind } from "../../gossip/gossip-kind.ts";
import { type Keyring, orTrouble, type Pool } from "../../gossip/keyring.ts";
import type { ApiHttp } from "../../http/api-http.ts";
import type { NomadSession } from "../nomad-session.ts";

const LIST = { method: "GET", path: "/v1/agent/keyring/list" } as const;

/** By key. A key is a field's name here: no number may fail to be read, since messages name the field. */
const Counts = z.record(z.string(), z.number().catch(0)).nullish();
const Listed = z.object({ Keys: Counts, NumNodes: z.number() });

/**
 * The key of the gossip among Nomad's servers. Nomad does not tell which key is the primary one: that all use it
 * is known by the answer to `use`, and no server removes the one it encrypts with.
 */
export function nomadGossipKey(session: NomadSession, clock: Clock): Kind {
  return gossipKind(nomadKeyring(session.forKeyring), clock);
}

function nomadKeyring(http: ApiHttp): Keyring {
  async function pools(): Promise<readonly Pool[]> {
    const found = await http.read(LIST, Listed);
    if (!found) throw new PortError("nomad", "invalid", `GET ${LIST.path}: there is no keyring`);
    const { Keys, NumNodes } = found.value;
    const keys = new Map(Object.entries(Keys ?? {}));
    return [{ name: "Nomad's servers", members: NumNodes, keys, primaries: undefined }];
  }
  async function change(what: "install" | "use" | "remove", Key: string): Promise<undefined> {
    const path = `/v1/agent/keyring/${what}`;
    await http.send({ method: "PUT", path, body: { Key }, secrets: [Key] });
  }
  return {
    system: "nomad",
    pools: () => orTrouble(pools()),
    install: (key) => orTrouble(change("install", key)),
    use: (key) => orTrouble(change("use", key)),
    remove: (key) => orTrouble(change("remove", key)),
  };
}
