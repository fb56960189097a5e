import { describe, expect, it } from "vitest";
import type { Mishap } from "./user-data-wire.ts";
import type { UserDataWorld } from "./user-data-world.ts";

const LOOKUP = "sys/wrapping/lookup";
const UNWRAP = "sys/wrapping/unwrap";
const LOGIN = "auth/approle/login";

const many = (mishap: Mishap) => Array.from({ length: 8 }, () => mishap);
const joined = { vaultTokenAccessor: expect.any(String) };

/** Things go wrong that are nobody's fault: none of them may be taken for a thief. */
export function userDataTrouble(world: () => UserDataWorld): void {
  describe("trouble", () => {
    it.each<[string, Mishap]>([
      ["is silent", "no-answer"],
      ["is sealed", [503, "Vault is sealed"]],
      ["is busy", [429, "rate limit quota exceeded"]],
    ])("a Vault that %s is asked again, more than a few times", async (_, mishap) => {
      const mishaps = { [LOOKUP]: many(mishap), [UNWRAP]: many(mishap), [LOGIN]: many(mishap) };
      const { machine, boot } = await world().machine({ mishaps });
      expect(await boot()).toMatchObject({ status: 0 });
      expect(machine.report).toEqual(joined);
    });

    it("patience has an end, after which another run goes on", async () => {
      const mishaps = { [LOOKUP]: many("no-answer") };
      const { machine, boot } = await world().machine({ mishaps });
      const impatient = await boot(0);
      expect(impatient.printed).toContain("Vault can't be asked about the wrapping (000)");
      expect([impatient.status, machine.report]).toEqual([1, undefined]);
      expect((await boot()).status).toBe(0);
    });

    it.each<[string, string, [status: number, error: string]]>([
      ["the look", LOOKUP, [403, "permission denied"]],
      ["the look", LOOKUP, [400, "failed to decode JSON input"]],
      ["unwrapping", UNWRAP, [403, "permission denied"]],
      ["unwrapping", UNWRAP, [404, "no handler for route"]],
      ["the login", LOGIN, [403, "permission denied"]],
    ])("refusing %s (%s) by %j is none either", async (_, path, refusal) => {
      const { machine, boot } = await world().machine({ mishaps: { [path]: [refusal] } });
      const refused = await boot();
      expect([refused.status, machine.report, machine.hasStarted]).toEqual([1, undefined, false]);
      expect(refused.printed).toContain(`(${refusal[0]})`);
      expect((await boot()).status).toBe(0);
      expect(machine.report).toEqual(joined);
    });

    it("a run that ended after unwrapping is taken up by the next one", async () => {
      const mishaps = { [LOGIN]: ["no-answer" as const] };
      const { machine, wire, boot } = await world().machine({ mishaps });
      expect(await boot(0)).toMatchObject({ status: 1 });
      expect(machine.report).toBeUndefined();
      expect(await boot()).toMatchObject({ status: 0 });
      expect(machine.report).toEqual(joined);
      expect(wire.calls()).toEqual([LOOKUP, UNWRAP, LOGIN, LOGIN]);
    });

    it.each(["put-parameter", "systemctl"] as const)(
      "a run that ended after the login, when %s failed, is taken up by the next one",
      async (fails) => {
        const { machine, wire, boot } = await world().machine({ fails });
        expect((await boot()).status).not.toBe(0);
        expect(await boot()).toMatchObject({ status: 0 });
        expect(machine.report).toEqual(joined);
        expect(machine.hasStarted).toBe(true);
        expect(wire.calls()).toEqual([LOOKUP, UNWRAP, LOGIN]);
        expect(machine.left).toEqual(["join.lock"]);
      },
    );

    it("an unwrapped secret id whose answer got lost is lost, and the report says it may be so", async () => {
      const mishaps = { [UNWRAP]: ["answer-lost" as const] };
      const { machine, boot } = await world().machine({ mishaps });
      expect(await boot()).toMatchObject({ status: 99 });
      expect(machine.report).toEqual({
        intercepted:
          "the wrapping was empty (or Vault opened it for us: tries that got no answer: 1)",
      });
    });

    it("a second run beside the first waits for it, and is no thief", async () => {
      const { machine, wire, boot } = await world().machine();
      const both = await Promise.all([boot(), boot()]);
      expect(both.map(({ status }) => status)).toEqual([0, 0]);
      expect(machine.report).toEqual(joined);
      expect(wire.calls()).toEqual([LOOKUP, UNWRAP, LOGIN]);
    });
  });
}
