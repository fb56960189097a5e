import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

const DAY = 86_400;
/** Nobody looks at the token each second of so many days. */
const QUIET = { everySeconds: 30 * DAY, verifySeconds: 300, graceSeconds: 600 };

/** One that the role has made for this rotation, and whose maker has died before anybody heard of it. */
function makeStray(world: Rotating, deployment = "test"): string {
  return world.vault.createToken({
    policies: ["default", "user"],
    role: "nomad-server",
    ttlSeconds: 30 * DAY,
    meta: {
      drover: deployment,
      drover_rotation: "vault-token",
      drover_attempt: "20000000-0000-4000-8000-000000000001",
    },
  });
}

function quiet(): Rotating {
  // Of days, looks take the longest.
  const world = new Rotating({ rotation: QUIET, lookSeconds: 1_800 });
  world.consumer.stop();
  // The first one, of which Drover knows, has to live on without its consumer.
  world.keepAlive(world.firstToken);
  return world;
}

describe("a token that was made and is in nobody's hands", () => {
  it("is ended when nothing has referred to it for a day", async () => {
    const world = quiet();
    const stray = makeStray(world);
    await world.clock.advance(DAY - 600);
    expect(world.livingTokens()).toContain(stray);
    await world.clock.advance(3_600);
    expect(world.livingTokens()).toEqual([world.firstToken]);
    expect(world.history().join()).toMatch(/revoked .*, which nothing has referred to for a day/);
    expect(world.world.deadLetters.bodies()).toEqual([]);
  });

  it("is not ended when it is found for the first time", async () => {
    const world = quiet();
    await world.clock.advance(DAY / 2);
    const stray = makeStray(world);
    await world.clock.advance(DAY);
    expect(world.livingTokens()).toContain(stray);
    await world.clock.advance(DAY);
    expect(world.livingTokens()).toEqual([world.firstToken]);
  });

  it("is left alone while somebody renews it, and told", async () => {
    const world = quiet();
    const stray = makeStray(world);
    world.keepAlive(stray);
    await world.clock.advance(2 * DAY);
    expect(world.livingTokens()).toContain(stray);
    expect(world.metric(METRICS.rotationStillUsed)).toBeGreaterThan(0);
  });

  it("is left alone when another deployment has made it", async () => {
    const world = quiet();
    const theirs = makeStray(world, "theirs");
    await world.clock.advance(2 * DAY + 600);
    expect(world.livingTokens()).toContain(theirs);
  });

  it("is left alone as long as nothing is to be changed", async () => {
    const world = quiet();
    world.world.control.turn("observe");
    const stray = makeStray(world);
    await world.clock.advance(2 * DAY);
    expect(world.livingTokens()).toContain(stray);
  });

  it("is left alone when what the secret holds can't be told", async () => {
    const world = quiet();
    const stray = makeStray(world);
    await world.clock.advance(3_600);
    world.aws.secrets.put(SECRET, "s.of-another-vault");
    await world.clock.advance(2 * DAY);
    expect(world.livingTokens()).toContain(stray);
  });
});

it("the current token and those of an attempt under way are never taken for left over", async () => {
  const world = new Rotating({ rotation: { ...QUIET, graceSeconds: 3 * DAY } });
  world.consumer.stop();
  world.keepAlive(world.firstToken);
  await world.start();
  await world.clock.advance(5);
  world.keepAlive(world.currentToken());
  await world.clock.advance(2 * DAY);
  expect(world.livingTokens().sort()).toEqual([world.firstToken, world.currentToken()].sort());
});

describe.each(["consul-token", "nomad-token"] as const)(
  "a %s of a mint that was answered too late",
  (name) => {
    it("is ended in the end, and never the one that is in use", async () => {
      const world = new ThingRotating((clock) => {
        const thing = ROTATED_THINGS[name](clock);
        return { ...thing, rotation: { ...thing.rotation, everySeconds: 30 * DAY } };
      });
      const { kind, first } = world.thing;
      const attempt = AttemptId.parse("20000000-0000-4000-8000-000000000001");
      const late = await kind.mint(attempt, { token: first }, await kind.choose?.(attempt));
      await world.start();
      expect(await world.ended(3_600)).toBe("rotated");
      expect(world.thing.living()).toContain(late.value.token);
      await world.clock.advance(3 * DAY);
      expect(world.thing.living()).toEqual([world.current()]);
      expect(world.current()).not.toBe(first);
      expect(world.problems).toEqual([]);
    });
  },
);
