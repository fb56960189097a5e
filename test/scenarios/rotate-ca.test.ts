import { describe, expect, it } from "vitest";
import { rehearse } from "../../lambdas/domain/rotate/rehearse.ts";
import { plusSeconds } from "../../local/clock.ts";
import { PARENT_MOUNT } from "../../local/vault/rotation-setup.ts";
import { CaRotating } from "../helpers/ca-rotating.ts";
import { Crashes } from "../helpers/crash.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

const PARENT = { parent: { mount: PARENT_MOUNT } };
/** Of some hundred calls, every so many. */
const STRIDE = 37;

async function seen(world: CaRotating) {
  const record = await world.record();
  const { defaultId, all } = world.ca.pki.issuers;
  const able = all.filter(({ keyId, revokedAt }) => keyId && !revokedAt);
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    problems: world.problems,
    issuer: defaultId,
    living: able.map(({ id }) => id),
    keys: world.ca.strayKeys(),
    deadLetters: world.world.deadLetters.bodies(),
  };
}

function allWell(world: CaRotating) {
  const current = world.current();
  return {
    ...{ outcome: "rotated", attempt: undefined, problems: [], keys: [], deadLetters: [] },
    issuer: current,
    living: [current],
  };
}

describe.each([
  ["its own root", {}],
  ["signed by another engine's", PARENT],
])("a CA that is %s", (_, settings) => {
  it("is replaced with what it has issued, and nobody is ever refused", async () => {
    const world = await CaRotating.start({ settings });
    const first = world.ca.pki.issuers.defaultId;
    expect(await world.ended()).toBe("rotated");
    expect(await seen(world)).toEqual(allWell(world));
    expect(world.current()).not.toBe(first);
    const written = JSON.stringify([
      world.world.journal.all(),
      world.world.rotations.all(),
      world.world.told(),
    ]);
    expect(written).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
  });

  it("issues when the certificate was rotated once, and the former one dies when it was twice", async () => {
    const world = await CaRotating.start({ settings });
    await world.untilWaiting("issue");
    const promotedAt = (await world.record())?.attempt?.promotedAt ?? expect.fail();
    await world.untilWaiting("reissue");
    const { issuesAt = expect.fail() } = (await world.record())?.attempt ?? {};
    const { rotatedAt: once = expect.fail() } = (await world.record("leaf")) ?? {};
    expect(promotedAt < once && once <= issuesAt).toBe(true);
    await world.ended();
    const { rotatedAt: twice = expect.fail() } = (await world.record("leaf")) ?? {};
    const { at = expect.fail() } = (await world.record())?.last ?? {};
    expect(issuesAt < twice && twice <= at).toBe(true);
    expect(at >= plusSeconds(issuesAt, 120)).toBe(true);
  });
});

it("a CA is replaced as well after a crash, and nobody is ever refused", async () => {
  const whole = new Crashes();
  const calm = await CaRotating.start({ around: whole.around, invoke: whole.invoke });
  await calm.ended();
  expect(whole.calls).toBeGreaterThan(300);
  for (let call = 1; call <= whole.calls; call += STRIDE) {
    const { around, invoke } = new Crashes(call);
    const world = await CaRotating.start({ around, invoke });
    await world.ended();
    expect(await seen(world), `a crash at call ${call}`).toEqual(allWell(world));
  }
});

it("a rehearsal says what it would wait for, and makes nothing", async () => {
  const world = await CaRotating.start();
  const { issuers } = world.ca.pki;
  const before = { issuers: issuers.all.map(({ id }) => id), keys: [...issuers.keys.all.keys()] };
  await rehearse(world.ca.rotation, world.world.ports);
  expect(world.history()).toContain("would have had it issue when leaf is rotated");
  expect(world.history()).toContain("it works");
  const after = { issuers: issuers.all.map(({ id }) => id), keys: [...issuers.keys.all.keys()] };
  expect(after).toEqual(before);
});

it.each([
  ["vault-ca", 20],
  ["vault-ca that another one signs", 25],
] as const)("a %s is replaced, whichever of Vault's answers gets lost", async (kind, atLeast) => {
  const calm = new ThingRotating(kind);
  await calm.start();
  await calm.ended(3_600);
  const { requests } = calm.thing as CaRotating["ca"];
  expect(requests.count()).toBeGreaterThan(atLeast);
  for (let lost = 1; lost <= requests.count(); lost++) {
    const world = new ThingRotating(kind);
    (world.thing as CaRotating["ca"]).requests.lose(lost);
    await world.start();
    await world.ended(3_600);
    const found = [await world.thing.living(), (await world.record())?.last?.outcome];
    expect(found, `the answer to request ${lost}`).toEqual([[world.current()], "rotated"]);
    expect(world.problems).toEqual([]);
  }
});
