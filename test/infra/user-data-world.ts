import type { VaultServer } from "../clients/contract/vault-server.ts";
import type { Vaulted } from "./user-data-introduction.ts";
import { type Fails, Machine } from "./user-data-machine.ts";
import { type Mishaps, startWire } from "./user-data-wire.ts";

/** A machine, its Vault, and the wire between them. */
export interface UserDataWorld {
  readonly server: VaultServer;
  readonly introduction: Vaulted;
  /** A machine that has this introduction, or another, to boot. */
  machine(options?: { mishaps?: Mishaps; fails?: Fails; introduction?: Vaulted }): Promise<{
    readonly wire: Awaited<ReturnType<typeof startWire>>;
    readonly machine: Machine;
    boot(
      patienceSeconds?: number,
      more?: { readonly returnSeconds?: number; readonly states?: readonly string[] },
    ): Promise<{ status: number | null; printed: string }>;
  }>;
}

export function worldOf(server: VaultServer, introduction: Vaulted): UserDataWorld {
  return {
    server,
    introduction,
    async machine({ mishaps, fails, introduction: given = introduction } = {}) {
      const wire = await startWire(server.address, mishaps);
      const machine = new Machine(given, fails);
      const boot = (patienceSeconds = 20, more = {}) =>
        machine.boot({ vaultAddress: wire.address, patienceSeconds, ...more });
      return { wire, machine, boot };
    },
  };
}
