import * as z from "zod";
import { PortError } from "../../../domain/ports/errors.ts";
import type { KeptKey } from "../../../domain/rotate/kind.ts";
import type { NomadSession } from "../nomad-session.ts";

const LIST = { method: "GET", path: "/v1/operator/keyring/keys" } as const;
const NANOSECONDS_A_MILLISECOND = 1e6;

const Keys = z.array(
  z.object({
    KeyID: z.string(),
    State: z.string(),
    /** In nanoseconds: more digits than a number here has, which is close enough. */
    CreateTime: z.number(),
  }),
);

/**
 * The key that Nomad encrypts variables and signs workload identities with. Former ones stay as long as
 * something needs them. Each rotation makes another one, so that it is not tried again.
 */
export function nomadRootKey({ http }: NomadSession): KeptKey {
  return {
    async newest() {
      const found = await http.read(LIST, Keys);
      const active = found?.value.find(({ State }) => State === "active");
      if (!active) throw new PortError("nomad", "invalid", `GET ${LIST.path}: no key is active`);
      const createdAt = new Date(active.CreateTime / NANOSECONDS_A_MILLISECOND);
      return { id: active.KeyID, createdAt };
    },
    async rotate() {
      await http.send({ method: "POST", path: "/v1/operator/keyring/rotate" });
    },
  };
}
