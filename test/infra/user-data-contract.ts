import { statSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, type VaultServer } from "../clients/contract/vault-server.ts";
import { userDataAgain } from "./user-data-again.ts";
import { introductionBy, secretIdIn } from "./user-data-introduction.ts";
import { INSTANCE } from "./user-data-machine.ts";
import { userDataThieves } from "./user-data-thieves.ts";
import { userDataTrouble } from "./user-data-trouble.ts";
import { type UserDataWorld, worldOf } from "./user-data-world.ts";

/** What examples/user-data.sh does with a Vault or OpenBao, real or not. */
export function userDataContract(name: string, setup: () => Promise<VaultServer>): void {
  describe(`the user data, with ${name}`, () => {
    let server: VaultServer;
    let world: UserDataWorld;
    beforeAll(async () => {
      server = await setup();
    }, 60_000);
    afterAll(() => server?.stop());
    beforeEach(async () => {
      world = worldOf(server, await introductionBy(server));
    });

    it("unwraps, logs in, reports, configures both agents and starts them", async () => {
      const { machine, boot } = await world.machine();
      expect(await boot()).toEqual({ status: 0, printed: expect.stringContaining(INSTANCE) });
      const token = machine.read("state/vault-token")?.trim() ?? "";
      const { body } = await call(server, "GET", "auth/token/lookup-self", { token });
      expect(body.data).toMatchObject({
        path: "auth/approle/login",
        meta: { instance_id: INSTANCE },
      });
      expect(machine.report).toEqual({ vaultTokenAccessor: body.data.accessor });
      expect(machine.json("consul/90-drover.json")).toEqual({
        node_name: INSTANCE,
        node_meta: { instance_id: INSTANCE },
        acl: { tokens: { agent: "token-of-consul", default: "token-of-consul" } },
      });
      expect(machine.json("nomad/90-drover.json")).toEqual({
        name: INSTANCE,
        client: { enabled: true, meta: { instance_id: INSTANCE } },
      });
      expect(machine.read("data/client/intro_token.jwt")).toBe("jwt-of-nomad");
      expect(machine.hasStarted).toBe(true);
    });

    it("has no secret in its output, an argument or the environment, and leaves none", async () => {
      const { machine, wire, boot } = await world.machine();
      const { printed } = await boot();
      const { nomadIntroductionToken, consulToken, vault } = world.introduction;
      const token = machine.read("state/vault-token")?.trim() ?? "no token";
      const secrets = [nomadIntroductionToken, consulToken, vault.wrappedSecretId, token];
      expect(machine.commands).toContain("curl ");
      expect(machine.environments).toContain("PATH=");
      for (const secret of [...secrets, secretIdIn(wire.heard), "imds-token"]) {
        expect(printed + machine.commands + machine.environments).not.toContain(secret);
      }
      expect(machine.left).toEqual(["join.lock"]);
      expect(machine.kept).toEqual(["introduced", "vault-token"]);
      expect(statSync(machine.file("state/vault-token")).mode & 0o077).toBe(0);
      expect(machine.read("state/introduced")).toMatch(/^i-[0-9a-f]{17} [0-9a-f]{64}\n$/);
    });

    userDataAgain(() => world);
    userDataThieves(() => world);
    userDataTrouble(() => world);
  });
}
