import { describe, expect, it } from "vitest";
import { unwrap } from "../clients/contract/vault-node.ts";
import { call, type VaultServer } from "../clients/contract/vault-server.ts";
import { introductionBy } from "./user-data-introduction.ts";
import type { UserDataWorld } from "./user-data-world.ts";

const UNWRAP = "sys/wrapping/unwrap";

/** Somebody was at the wrapping before the machine. */
export function userDataThieves(world: () => UserDataWorld): void {
  describe("somebody else", () => {
    it("who unwrapped first is reported, and no agent is started", async () => {
      const { server, introduction, machine: newMachine } = world();
      await unwrap(server, introduction.vault.wrappedSecretId);
      const { machine, boot } = await newMachine();
      expect(await boot()).toMatchObject({ status: 99 });
      expect(machine.report).toEqual({ intercepted: "Vault knows no such wrapping" });
      expect([machine.hasStarted, machine.read("nomad/90-drover.json")]).toEqual([
        false,
        undefined,
      ]);
    });

    it("who was quicker between look and unwrapping is reported", async () => {
      const { introduction, server, machine: newMachine } = world();
      const { wrappedSecretId: token } = introduction.vault;
      const thief = () => call(server, "POST", UNWRAP, { token });
      const { machine, boot } = await newMachine({ mishaps: { [UNWRAP]: [thief] } });
      expect(await boot()).toMatchObject({ status: 99 });
      expect(machine.report).toEqual({ intercepted: "the wrapping was empty" });
    });

    it("who put another wrapping in its place is reported, and that is not unwrapped", async () => {
      const { server, introduction, machine: newMachine } = world();
      const wrapping = await wrappedByAnother(server);
      const vault = { ...introduction.vault, wrappedSecretId: wrapping };
      const { machine, boot } = await newMachine({ introduction: { ...introduction, vault } });
      expect(await boot()).toMatchObject({ status: 99 });
      expect(machine.report).toEqual({
        intercepted:
          "the wrapping was made by auth/approle/role/drover/secret-id, " +
          "not by auth/approle/role/drover-node/custom-secret-id",
      });
      expect((await unwrap(server, wrapping)).status).toBe(200);
    });

    it("does not stop a machine that is introduced anew", async () => {
      const { server, introduction, machine: newMachine } = world();
      await unwrap(server, introduction.vault.wrappedSecretId);
      const { machine, boot } = await newMachine();
      await boot();
      machine.introduce(await introductionBy(server));
      expect(await boot()).toMatchObject({ status: 0 });
      expect(machine.report).toHaveProperty("vaultTokenAccessor");
    });
  });
}

/** A wrapped secret id of another role. */
async function wrappedByAnother({ address, rootToken }: VaultServer): Promise<string> {
  const answer = await fetch(`${address}/v1/auth/approle/role/drover/secret-id`, {
    method: "POST",
    headers: { "X-Vault-Token": rootToken, "X-Vault-Wrap-TTL": "60s" },
  });
  return ((await answer.json()) as { wrap_info: { token: string } }).wrap_info.token;
}
