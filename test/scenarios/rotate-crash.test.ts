import { expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { Rotating } from "../helpers/rotating.ts";

/** Short, so that a run takes minutes: what is lost is found by the next look. */
const QUICK = { everySeconds: 86_400, verifySeconds: 120, graceSeconds: 60 };
const LIMIT_SECONDS = 3_600;

function start(crashes: Crashes, options: { rereadSeconds?: number } = {}) {
  const { around, invoke } = crashes;
  return new Rotating({ rotation: QUICK, around, invoke, ...options });
}

it("has one working token and no other after a crash at any call, and never a moment without", async () => {
  const whole = new Crashes();
  const calm = start(whole);
  await calm.start();
  await calm.ended(LIMIT_SECONDS);
  expect(whole.calls).toBeGreaterThan(30);
  for (let call = 1; call <= whole.calls; call++) {
    const crashes = new Crashes(call);
    const world = start(crashes);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    await world.clock.advance(600);
    const seen = {
      deaths: crashes.deaths,
      outcome: (await world.record())?.last?.outcome,
      attempt: (await world.record())?.attempt,
      refusals: world.consumer.refusals,
      living: world.livingTokens(),
      deadLetters: world.world.deadLetters.bodies(),
    };
    expect(seen, `a crash at call ${call}`).toEqual({
      deaths: 1,
      outcome: "rotated",
      attempt: undefined,
      refusals: [],
      living: [world.currentToken()],
      deadLetters: [],
    });
  }
});

it("takes a new token back through a crash at any call, and leaves the old one as it is", async () => {
  const stubborn = { rereadSeconds: Number.POSITIVE_INFINITY };
  const whole = new Crashes();
  const calm = start(whole, stubborn);
  await calm.start();
  await calm.ended(LIMIT_SECONDS);
  for (let call = 1; call <= whole.calls; call++) {
    const crashes = new Crashes(call);
    const world = start(crashes, stubborn);
    await world.start();
    await world.ended(LIMIT_SECONDS);
    const seen = {
      deaths: crashes.deaths,
      outcome: (await world.record())?.last?.outcome,
      refusals: world.consumer.refusals,
      living: world.livingTokens(),
      current: world.currentToken(),
    };
    expect(seen, `a crash at call ${call}`).toEqual({
      deaths: 1,
      outcome: "taken-back",
      refusals: [],
      living: [world.firstToken],
      current: world.firstToken,
    });
  }
});
