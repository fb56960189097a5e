import fc from "fast-check";
import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Crashes } from "../helpers/crash.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { PROPERTY } from "../helpers/runs.ts";

const SHORT = { toleranceSeconds: 60, verifySeconds: 15, pollSeconds: 60 };

function worldWith({ ports, invoke }: Crashes, restartHelps: boolean): HealWorld {
  return new HealWorld({ instances: 4, heal: SHORT, restartHelps, ports, invoke });
}

it("restarts agents once, whatever single call the function dies after", async () => {
  for (let call = 1; ; call++) {
    const crashes = new Crashes(call);
    const world = worldWith(crashes, true);
    await world.kill(world.first, "nomad");
    expect(await world.healed(world.first, 900)).toBe("recovered");
    expect(world.node()).toMatchObject({ status: "ready", eligible: true });
    expect(world.restarts()).toHaveLength(1);
    expect(world.metric(METRICS.healReplaced)).toBe(0);
    if (crashes.deaths === 0) break;
  }
});

it("replaces a node once, although the function dies twice until it is told to", async () => {
  const call = fc.integer({ min: 1, max: await callsUntilReplaced() });
  await fc.assert(
    fc.asyncProperty(call, call, async (...calls) => {
      const world = worldWith(new Crashes(...calls), false);
      const others = world.instances.slice(1);
      await fallIll(world);
      const successor = await world.replaced(world.first, 3_600);
      expect(world.restarts()).toHaveLength(1);
      expect(world.members().toSorted()).toEqual([...others, successor].toSorted());
      expect(await world.finished(world.first, 600)).toBe("drained");
      expect(world.ports.budget.holders("default")).toEqual([]);
    }),
    PROPERTY,
  );
});

it("gives a slot back that was taken by a pass that died, when the node has healed meanwhile", async () => {
  const crashes = new Crashes(await callsUntilSlotTaken());
  const world = worldWith(crashes, false);
  await fallIll(world);
  await world.until(() => crashes.deaths === 1, 600);
  expect(world.ports.budget.holders("default")).toHaveLength(1);
  world.start(world.first, "nomad");
  expect(await world.finished(world.first, 600)).toBe("recovered");
  expect(world.ports.budget.holders("default")).toEqual([]);
});

async function callsUntilSlotTaken(): Promise<number> {
  const crashes = new Crashes();
  const world = worldWith(crashes, false);
  await fallIll(world);
  const { budget } = world.ports;
  let calls = 0;
  const take = budget.take.bind(budget);
  budget.take = (...args) => {
    calls ||= crashes.calls;
    return take(...args);
  };
  await world.until(() => calls > 0, 600);
  return calls;
}

async function callsUntilReplaced(): Promise<number> {
  const crashes = new Crashes();
  const world = worldWith(crashes, false);
  await fallIll(world);
  await world.until(() => world.lifecycleState() !== "InService", 600);
  return crashes.calls;
}

async function fallIll(world: HealWorld): Promise<void> {
  await world.kill(world.first, "nomad");
  world.hint(world.first);
}
