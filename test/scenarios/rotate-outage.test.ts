import { describe, expect, it } from "vitest";
import { MISHAPS, type Mishap, mishapAt } from "../helpers/outage.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";
import { allWell, standing } from "../helpers/thing-standing.ts";

/** Of a CA that another one signs, all that is asked for one that signs itself is asked, too. */
const KINDS = (Object.keys(ROTATED_THINGS) as (keyof typeof ROTATED_THINGS)[]).filter(
  (kind) => kind !== "vault-ca",
);
const LIMIT_SECONDS = 3_600;
const NEVER = 0;

function befalling(kind: (typeof KINDS)[number], mishap: Mishap, request: number) {
  const { requests, seen } = mishapAt(request, mishap, () => world);
  const world: ThingRotating = new ThingRotating(kind, { requests });
  return { world, seen };
}

async function rotated(kind: (typeof KINDS)[number], mishap: Mishap, request: number) {
  const { world, seen } = befalling(kind, mishap, request);
  await world.start();
  await world.ended(LIMIT_SECONDS);
  return { world, seen };
}

/** Of each server one kind, to which everything happens at every request; to the others one after the other does. */
const WHOLE: readonly string[] = ["vault-secret-id", "consul-token", "nomad-token"];

describe.each(KINDS)("the server of a %s is late, throttled or restarted", (kind) => {
  it("at whichever request: the attempt waits and goes on, and nobody is refused", async () => {
    const { seen: calm } = await rotated(kind, "late", NEVER);
    expect(calm.requests).toBeGreaterThan(5);
    for (let request = 1; request <= calm.requests; request++) {
      const mishaps = MISHAPS.filter(
        (_, index) => WHOLE.includes(kind) || index === request % MISHAPS.length,
      );
      for (const mishap of mishaps) {
        const { world } = await rotated(kind, mishap, request);
        expect(await standing(world), `${mishap} at request ${request}`).toEqual(allWell(world));
        expect(world.current()).not.toBe(world.thing.first);
      }
    }
  });
});

describe("a test of a secret id breaks off", () => {
  it("at whichever request, and it never works after that: nothing of it is left", async () => {
    const { seen: calm } = await rotated("vault-secret-id", "answer-lost", NEVER);
    let brokenOff = 0;
    for (let request = 1; request <= calm.requests; request++) {
      const { world } = befalling("vault-secret-id", "answer-lost", request);
      await world.start();
      const { attempt, waiting } = (await world.record()) ?? {};
      if (waiting?.step !== "test") continue;
      brokenOff += 1;
      await world.thing.kind.revoke(attempt?.minted?.accessor ?? "");
      expect(await world.ended(LIMIT_SECONDS)).toBe("taken-back");
      expect(await world.thing.living(), `at request ${request}`).toEqual([world.current()]);
    }
    // It looks it up, logs in, and ends what it has logged in with.
    expect(brokenOff).toBe(3);
  });
});
