import { describe, expect, it } from "vitest";
import { call } from "../clients/contract/vault-server.ts";
import { introductionBy } from "./user-data-introduction.ts";
import { INSTANCE } from "./user-data-machine.ts";
import type { UserDataWorld } from "./user-data-world.ts";

const START = "enable --now consul nomad";
const AGAIN = { status: 0, printed: `drover: ${INSTANCE} has been introduced already\n` };

/** A machine that has joined boots once more. */
export function userDataAgain(world: () => UserDataWorld): void {
  /** One that has joined, with what it was told from then on. */
  async function joined() {
    const it = await world().machine();
    expect(await it.boot()).toMatchObject({ status: 0 });
    const before = { calls: it.wire.calls().length, told: it.machine.told.length };
    it.machine.stop();
    return {
      ...it,
      token: () => it.machine.read("state/vault-token")?.trim() ?? "",
      calls: () => it.wire.calls().slice(before.calls),
      told: () => it.machine.told.slice(before.told),
    };
  }
  const lookUp = (token: string) =>
    call(world().server, "GET", "auth/token/lookup-self", { token });

  describe("at a later boot", () => {
    it.each(["the same", "no"])("it does nothing with %s introduction", async (which) => {
      const { machine, boot, calls, told, token } = await joined();
      const first = token();
      if (which === "no") machine.withdraw();
      expect(await boot()).toEqual(AGAIN);
      expect([calls(), told()]).toEqual([[], []]);
      // A secret id logs in once, so the token of that login has to be there still.
      expect(token()).toBe(first);
      expect((await lookUp(token())).status).toBe(200);
    });

    it("another introduction is another login and report, and both agents hear of it", async () => {
      const { machine, boot, told, token } = await joined();
      const first = token();
      machine.introduce({ ...(await introductionBy(world().server)), consulToken: "another" });
      expect(await boot()).toMatchObject({ status: 0 });
      const { body } = await lookUp(token());
      expect(token()).not.toBe(first);
      expect(machine.report).toEqual({ vaultTokenAccessor: body.data.accessor });
      expect(machine.json("consul/90-drover.json")).toMatchObject({
        acl: { tokens: { agent: "another", default: "another" } },
      });
      expect(told()).toEqual(["try-restart consul", START]);
      machine.stop();
      expect(await boot()).toEqual(AGAIN);
    });

    it("Nomad starts anew with another introduction token, which it reads at its start", async () => {
      const { machine, boot, told } = await joined();
      const introduction = await introductionBy(world().server);
      machine.introduce({ ...introduction, nomadIntroductionToken: "another-jwt" });
      await boot();
      expect(machine.read("data/client/intro_token.jwt")).toBe("another-jwt");
      expect(told()).toEqual(["try-restart nomad", START]);
    });

    it("agents with the configuration they had go on as they are", async () => {
      const { machine, boot, told } = await joined();
      machine.introduce(await introductionBy(world().server));
      await boot();
      expect(told()).toEqual([START]);
    });

    it("another introduction may come a little later", async () => {
      const { machine, boot, token } = await joined();
      const first = token();
      machine.withdraw();
      const booted = boot(20, { returnSeconds: 20 });
      await expect.poll(() => machine.commands.match(/get-parameter/g)?.length).toBeGreaterThan(2);
      machine.introduce(await introductionBy(world().server));
      expect(await booted).toMatchObject({ status: 0 });
      expect(token()).not.toBe(first);
    });

    it("that it was in the warm pool means another is sure to come", async () => {
      const { machine, boot } = await joined();
      machine.withdraw();
      const states = ["Warmed:Running"];
      const impatient = await boot(0, { states });
      expect(impatient).toMatchObject({ status: 1 });
      expect(impatient.printed).toContain("there is no introduction");
      const booted = boot(20, { states });
      await expect.poll(() => machine.commands.match(/get-parameter/g)?.length).toBeGreaterThan(4);
      machine.introduce(await introductionBy(world().server));
      expect((await booted).printed).toContain(`${INSTANCE} is introduced as`);
    });

    it("a restart that failed is made up for by the next run", async () => {
      const { machine, boot, told } = await joined();
      machine.introduce({ ...(await introductionBy(world().server)), consulToken: "another" });
      machine.failOnce("systemctl");
      expect(await boot()).not.toMatchObject({ status: 0 });
      expect(await boot()).toMatchObject({ status: 0 });
      expect(told()).toEqual(["try-restart consul", "try-restart consul", START]);
    });
  });

  it("a disk copied from another instance's does not stop a new one", async () => {
    const { machine, boot } = await joined();
    const copied = machine.read("state/introduced")?.replace(INSTANCE, "i-0fedcba9876543210") ?? "";
    machine.write("state/introduced", copied);
    machine.introduce(await introductionBy(world().server));
    expect((await boot()).printed).toContain(`${INSTANCE} is introduced as`);
  });
}
