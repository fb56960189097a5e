import * as z from "zod";
import { PortError } from "../../../domain/ports/errors.ts";
import type { KeptKey } from "../../../domain/rotate/kind.ts";
import type { VaultSession } from "../vault-session.ts";

const STATUS = { method: "GET", path: "/v1/sys/key-status" } as const;
const StatusReading = z.object({
  data: z.object({
    term: z.number(),
    install_time: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  }),
});

/**
 * The key that Vault encrypts its storage with. It is the whole server's: a session with a namespace is refused.
 * Each rotation makes another one, so that it is not tried again.
 */
export function vaultBarrierKey({ http }: VaultSession): KeptKey {
  return {
    async newest() {
      const found = await http.read(STATUS, StatusReading);
      if (!found) throw new PortError("vault", "invalid", `GET ${STATUS.path}: Vault knows no key`);
      const { term, install_time } = found.value.data;
      return { id: String(term), createdAt: install_time };
    },
    async rotate() {
      await http.send({ method: "POST", path: "/v1/sys/rotate" });
    },
  };
}
