import { describe, expect, it } from "vitest";
import type { PublishedRotation } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";

const GROUP = "nomad-servers";
const QUICK = { everySeconds: 86_400, verifySeconds: 120, graceSeconds: 60 };

/** What a machine was told, when, and whether it was to read the new one. */
interface Order {
  readonly machine: string;
  readonly at: number;
  readonly isNew: boolean;
}

/** Machines that read the secret when they are told to. Their SSM agents run, but for those left out. */
function start(action: "reload" | "restart", { count = 4, silent = 0, settings = {} } = {}) {
  const reload = { groups: [GROUP], units: ["nomad"], action };
  const world = new Rotating({ rotation: { ...QUICK, reload, ...settings } });
  const { aws, clock } = world;
  const machines = Array.from({ length: count }, (_, n) => `i-0000000000000000${n}`);
  aws.autoScaling.createGroup({ name: GROUP, instances: machines.map((id) => ({ id })) });
  for (const id of machines.slice(0, count - silent)) aws.managedNodes.startAgent(id);
  const orders: Order[] = [];
  const first = aws.secrets.get(SECRET).id;
  const broken = new Set<string>();
  aws.runCommand.execute = ({ instanceId: machine }) => {
    const isNew = aws.secrets.get(SECRET).id !== first;
    orders.push({ machine, at: clock.now().getTime(), isNew });
    const isBroken = isNew && broken.has(machine);
    return {
      exitStatus: isBroken ? 1 : 0,
      output: `== nomad is ${isBroken ? "failed" : "active"}`,
    };
  };
  const last = machines.at(-1) ?? "";
  const times = () => new Set(orders.map(({ at }) => at)).size;
  return { world, aws, machines, last, orders, broken, times };
}

describe("machines that are told to", () => {
  it("restart do so one after the other", async () => {
    const { world, machines, orders, times } = start("restart");
    await world.start();
    expect(await world.ended(3_600)).toBe("rotated");
    expect(orders.map(({ machine }) => machine)).toEqual(machines);
    expect(times()).toBe(machines.length);
  });

  it("restart at length have time for it, each of them", async () => {
    const { world, orders } = start("restart", {
      count: 9,
      settings: { verifySeconds: 31, consumerRenews: false },
    });
    await world.start();
    expect(await world.ended(3_600)).toBe("rotated");
    expect(orders).toHaveLength(9);
  });

  it("reload do so after a first one has", async () => {
    const { world, machines, orders, times } = start("reload");
    await world.start();
    expect(await world.ended(3_600)).toBe("rotated");
    expect(orders.map(({ machine }) => machine).sort()).toEqual(machines);
    expect(times()).toBe(2);
  });

  it.each(["reload", "restart"] as const)("%s are spared what the first can't do", async (how) => {
    const { world, machines, orders, broken } = start(how);
    for (const machine of machines) broken.add(machine);
    await world.start();
    expect(await world.ended(3_600)).toBe("taken-back");
    expect(orders.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await world.record())?.last?.why).toMatch(
      /^i-00000000000000000 can't take it \(failed\) nomad is failed; command /,
    );
  });
});

describe("a machine that Systems Manager does not know", () => {
  it("yet is told again until it does", async () => {
    const { world, aws, last, orders } = start("reload", { silent: 1 });
    await world.start();
    world.at(60, () => aws.managedNodes.startAgent(last));
    expect(await world.ended(3_600)).toBe("rotated");
    expect(orders.at(-1)).toMatchObject({ machine: last, isNew: true });
  });

  it("at all has the new one taken back, by the time that consumers have", async () => {
    const { world, last } = start("reload", { silent: 1 });
    await world.start();
    await world.clock.advance(110);
    expect((await world.record())?.attempt?.takenBack).toBeUndefined();
    expect(await world.ended(3_600)).toBe("taken-back");
    expect((await world.record())?.last?.why).toBe(
      `${last} did not take it within 120 s Systems Manager does not know it`,
    );
  });

  it("or whose agent is away for a while is told again when that is back", async () => {
    const { world, aws, last, orders } = start("reload");
    aws.managedNodes.stopAgent(last);
    await world.start();
    world.at(80, () => aws.managedNodes.startAgent(last));
    expect(await world.ended(3_600)).toBe("rotated");
    expect(orders.at(-1)).toMatchObject({ machine: last, isNew: true });
  });
});

describe("a machine that comes in at the end of the grace period", () => {
  it("is waited for: the old one lives until it has read the new one", async () => {
    const { world, aws, orders } = start("reload", { count: 1 });
    await world.start();
    const { clock } = world;
    await clock.until(async () => (await world.record())?.attempt?.verifiedAt !== undefined, 600);
    aws.autoScaling.setDesiredCapacity(GROUP, 2);
    await clock.advance(300);
    expect(await world.record()).toMatchObject({ waiting: { step: "grace" } });
    const [consumers] = world.world.ports.consumersOf(world.rotation as PublishedRotation);
    const added = (await consumers?.members())?.at(-1) ?? "";
    aws.managedNodes.startAgent(added);
    expect(await world.ended(3_600)).toBe("rotated");
    expect(orders.at(-1)).toMatchObject({ machine: added, isNew: true });
  });
});

describe("a machine that comes in during the grace period and can't take the new one", () => {
  /** The grace period is over, and that machine fails each time. */
  async function held() {
    const fixture = start("reload", { count: 1, settings: { consumerRenews: false } });
    const { world, aws, broken } = fixture;
    await world.start();
    const isVerified = async () => (await world.record())?.attempt?.verifiedAt !== undefined;
    await world.clock.until(isVerified, 600);
    aws.autoScaling.setDesiredCapacity(GROUP, 2);
    await world.clock.advance(30);
    const [consumers] = world.world.ports.consumersOf(world.rotation as PublishedRotation);
    const added = (await consumers?.members())?.at(-1) ?? "";
    broken.add(added);
    aws.managedNodes.startAgent(added);
    // Nobody renews the former one any more: it has an hour.
    await world.clock.advance(2_400);
    return { ...fixture, added };
  }

  it("holds the end of the former one: an alarm, and it is named; until it is mended", async () => {
    const { world, added, broken } = await held();
    expect(world.livingTokens()).toHaveLength(2);
    const waiting = { step: "grace", why: expect.stringMatching(`not revoked: ${added} can't`) };
    expect(await world.record()).toMatchObject({ waiting });
    expect(world.metric(METRICS.rotationHeldUp)).toBeGreaterThan(100);
    expect(world.history().filter((text) => text.startsWith("had nomad")).length).toBeLessThan(8);
    broken.delete(added);
    expect(await world.ended(700)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });

  it("holds it no more when it has left its group", async () => {
    const { world, aws, added } = await held();
    aws.autoScaling.terminateInstance(added, true);
    expect(await world.ended(60)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });

  it("holds it no more when somebody has revoked the former one", async () => {
    const { world } = await held();
    const { vault, firstToken } = world;
    vault.tokens.revoke(vault.tokens.find(firstToken) ?? expect.fail());
    expect(await world.ended(60)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });
});

it("a record holds of machines that are well no more than that", async () => {
  const { world } = start("reload", { count: 9 });
  await world.start();
  await world.clock.until(
    async () => (await world.record())?.attempt?.verifiedAt !== undefined,
    600,
  );
  const told = (await world.record())?.attempt?.told;
  expect(told).toHaveLength(9);
  for (const each of told ?? []) {
    expect(each).toEqual({ consumers: "reload", nodeId: each.nodeId, result: "success" });
  }
});
