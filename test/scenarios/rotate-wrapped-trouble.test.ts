import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { ROTATION_POLICY } from "../../local/vault/rotation-setup.ts";
import { WrappedRotating } from "../helpers/wrapped-rotating.ts";

const GROUP = "proxies";
const HOUR = 3_600;
const DAY = 24 * HOUR;
const NO_POLICY = `path "sys/none" { capabilities = ["read"] }`;

describe("a machine whose parameter can't be written", () => {
  it("keeps no other from what is current, and is named; until it can", async () => {
    const world = new WrappedRotating();
    const [refused = "", good = ""] = world.machines();
    world.refused.add(refused);
    await world.clock.advance(HOUR);
    expect(world.inUse()).toEqual({ [good]: world.first, [refused]: undefined });
    const handed = world.history().filter((text) => text.startsWith("had a wrapped secret id"));
    expect(handed).toEqual([`had a wrapped secret id ready under /proxies/vault on ${good}`]);
    expect(world.history().join()).toMatch(
      new RegExp(`can't deliver what is current: ${refused} can't be handed it .*AccessDenied`),
    );
    // In every look of an hour.
    expect(world.metric(METRICS.rotationUndone)).toBeGreaterThanOrEqual(11);
    world.refused.clear();
    await world.boot();
    expect(world.inUse()).toEqual({ [good]: world.first, [refused]: world.first });
    const before = world.metric(METRICS.rotationUndone);
    await world.clock.advance(HOUR);
    expect(world.metric(METRICS.rotationUndone)).toBe(before);
  });

  it("has the new one taken back, to the end, and is named", async () => {
    const world = new WrappedRotating();
    await world.boot();
    const [refused = ""] = world.machines();
    world.refused.add(refused);
    await world.start();
    expect(await world.ended(2 * HOUR)).toBe("taken-back");
    expect((await world.record())?.last?.why).toMatch(
      new RegExp(`^${refused} did not take it within 600 s .*AccessDenied`),
    );
    expect(world.living()).toEqual([world.first]);
    expect(world.problems).toEqual([]);
  });

  it("and of more than can be told at once, does not stand before the others", async () => {
    const world = new WrappedRotating(undefined, {}, { count: 13 });
    for (const id of world.machines().slice(0, 6)) world.refused.add(id);
    await world.clock.advance(HOUR / 2);
    const served = Object.entries(world.inUse()).filter(([, secretId]) => secretId !== undefined);
    expect(served.map(([id]) => id)).toEqual(world.machines().slice(6));
  });
});

describe("of many machines", () => {
  it("all find their wrapping when they are told to fetch it", async () => {
    const world = new WrappedRotating(undefined, {}, { count: 32 });
    await world.start();
    expect(await world.ended()).toBe("rotated");
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.current()]));
    expect(world.problems).toEqual([]);
  });

  it("those whose wrappings have run out get others a few at a time", async () => {
    const world = new WrappedRotating(undefined, {}, { count: 40 });
    for (const id of world.machines()) world.idle.add(id);
    await world.clock.advance(400);
    expect(world.writes).toHaveLength(40);
    // So that all have run out by the next look, and what is asked for again has to wait for a moment.
    world.world.control.turn("pause");
    await world.clock.advance(HOUR);
    world.writes.length = 0;
    const { queue } = world.world;
    const send = queue.send.bind(queue);
    const rounds: number[] = [];
    queue.send = (body, ...rest) => {
      if (body.includes('"deliver"')) rounds.push(world.writes.length);
      return send(body, ...rest);
    };
    world.world.control.turn("act");
    await world.clock.advance(400);
    const written = [...rounds, world.writes.length].map((n, i, all) => n - (all[i - 1] ?? 0));
    // Each time it is first asked whether there is one.
    expect(Math.max(...written)).toBeLessThanOrEqual(10);
  });
});

describe("a machine that comes", () => {
  it("while nothing can be made gets what is current", async () => {
    const world = new WrappedRotating();
    await world.boot();
    world.vault.putPolicy("rotate", NO_POLICY);
    await world.start();
    await world.clock.advance(60);
    expect((await world.record())?.attempt?.minted).toBeUndefined();
    world.vault.putPolicy(
      "rotate",
      ROTATION_POLICY.replace('path "auth/approle/role/backup/custom-secret-id"', 'path "none"'),
    );
    world.aws.autoScaling.setDesiredCapacity(GROUP, 3);
    await world.clock.advance(600);
    expect((await world.record())?.attempt?.minted).toBeUndefined();
    expect(world.machines()).toHaveLength(3);
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.first]));
    for (const id of world.machines()) world.aws.managedNodes.startAgent(id);
    world.vault.putPolicy("rotate", ROTATION_POLICY);
    expect(await world.ended(3 * HOUR)).toBe("rotated");
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.current()]));
    expect(world.problems).toEqual([]);
  });

  it("gets nothing while nothing is to be changed", async () => {
    const world = new WrappedRotating();
    world.world.control.turn("observe");
    await world.clock.advance(HOUR);
    expect(world.machines().map((id) => world.parameter(id))).toEqual([undefined, undefined]);
    world.world.control.turn("act");
    await world.boot();
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.first]));
  });

  it("that ends while an attempt is under way leaves no parameter", async () => {
    const world = new WrappedRotating();
    await world.boot();
    const [gone = ""] = world.machines();
    await world.start();
    world.aws.ec2.terminate(gone);
    await world.clock.until(() => !world.machines().includes(gone));
    for (const id of world.machines()) world.aws.managedNodes.startAgent(id);
    await world.ended();
    await world.clock.advance(HOUR);
    expect(world.machines()).not.toContain(gone);
    expect(world.parameter(gone)).toBeUndefined();
  });
});

it("nothing is handed over while somebody else is at work on the rotation", async () => {
  const world = new WrappedRotating();
  await world.boot();
  const record = (await world.record()) ?? expect.fail();
  const until = new Date(world.clock.now().getTime() + HOUR * 1_000);
  await world.world.rotations.put({ ...record, lease: { owner: "somebody else", until } });
  world.aws.autoScaling.setDesiredCapacity(GROUP, 3);
  await world.clock.advance(HOUR / 2);
  const added = world.machines().at(-1) ?? "";
  expect([world.machines().length, world.parameter(added)]).toEqual([3, undefined]);
  await world.clock.advance(HOUR);
  expect(world.inUse()[added]).toBe(world.first);
});

it("another path is written to as well", async () => {
  const world = new WrappedRotating();
  await world.boot();
  const wrapped = { groups: [GROUP], path: "/elsewhere", ttlSeconds: 600 };
  world.configure({ wrapped });
  await world.clock.advance(600);
  for (const id of world.machines()) {
    expect(world.aws.parameters.find(`/elsewhere/${id}`)?.value).toContain("wrappedSecretId");
  }
});

it("what is left over is looked for beside that", async () => {
  const world = new WrappedRotating();
  await world.boot();
  world.aws.autoScaling.setDesiredCapacity(GROUP, 3);
  await world.clock.advance(HOUR);
  expect((await world.record())?.unreferenced).toMatchObject({ accessors: [] });
});

describe("a secret that holds nothing", () => {
  const nothing = { holds: false };

  it("is delivered when its first value is there, and before that nothing is said", async () => {
    const world = new WrappedRotating(undefined, {}, nothing);
    world.vault.putPolicy("rotate", NO_POLICY);
    await world.clock.advance(HOUR);
    expect(world.history().join()).not.toContain("can't deliver");
    expect(world.metric(METRICS.rotationUndone)).toBe(0);
    world.vault.putPolicy("rotate", ROTATION_POLICY);
    await world.clock.until(async () => (await world.record())?.last !== undefined, DAY);
    await world.boot();
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.current()]));
  });

  it("waits with its first value until all have got it, since there is none to go back to", async () => {
    const world = new WrappedRotating(undefined, {}, nothing);
    const [refused = ""] = world.machines();
    world.refused.add(refused);
    await world.clock.advance(2 * HOUR);
    expect((await world.record())?.last).toBeUndefined();
    expect((await world.record())?.waiting?.why).toContain(refused);
    expect(world.metric(METRICS.rotationHeldUp)).toBeGreaterThan(100);
    world.refused.clear();
    expect(await world.ended()).toBe("rotated");
    expect(new Set(Object.values(world.inUse()))).toEqual(new Set([world.current()]));
  });
});
