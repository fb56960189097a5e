import fc from "fast-check";
import { expect, it } from "vitest";
import { Crashes } from "../helpers/crash.ts";
import { Launches } from "../helpers/launches.ts";
import { FEW_LOOKS, PROPERTY } from "../helpers/runs.ts";

/** Lets one instance join while the function dies after given port calls; the end must be the same. */
async function joinThrough(crashes: Crashes): Promise<void> {
  const scenario = new Launches({
    ports: crashes.ports,
    invoke: crashes.invoke,
    join: FEW_LOOKS,
    image: { bootSeconds: 100 },
  });
  const id = scenario.launchOne();
  await scenario.until(() => scenario.traces(id).includes("a parameter"), 900);
  await scenario.clock.advance(95);
  expect(scenario.cluster.vault.ofNode(id).secretIds.length).toBeLessThan(2);
  expect(await scenario.finished(id, 1_800)).toBe("joined");
  await scenario.clock.advance(200);
  expect(scenario.node(id)).toMatchObject({ status: "ready", eligible: true });
  expect(scenario.lifecycleState(id)).toBe("InService");
  expect(scenario.traces(id).filter((trace) => trace === "a Consul token")).toHaveLength(1);
  expect(scenario.cluster.vault.ofNode(id).secretIds).toEqual([]);
  const { queue, deadLetters } = scenario.queuesOf.get("join-client") ?? scenario.queues;
  expect([...queue.bodies(), ...deadLetters.bodies()]).toEqual([]);
}

it("joins whatever single call the function dies after", async () => {
  for (let call = 1; ; call++) {
    const crashes = new Crashes(call);
    await joinThrough(crashes);
    if (crashes.deaths === 0) break;
  }
});

it("abandons once, and tells why, whatever single call the function dies after", async () => {
  for (let call = 1; ; call++) {
    const crashes = new Crashes(call);
    const scenario = new Launches({
      ports: crashes.ports,
      invoke: crashes.invoke,
      join: { ...FEW_LOOKS, timeoutSeconds: 120 },
      aws: { autoScaling: { terminateHooksAfterAbandon: call % 2 === 0 } },
      image: { failure: (number) => (number === 2 ? { kind: "no-nomad" } : undefined) },
    });
    const id = scenario.launchOne();
    expect(await scenario.finished(id, 7_200)).toBe("abandoned");
    expect(scenario.ports.told.find(({ nodeId }) => nodeId === id)?.seen).toHaveLength(2);
    await scenario.clock.advance(1_000);
    expect(scenario.traces(id)).toEqual([]);
    expect(scenario.members().filter((each) => each !== scenario.instances[0])).toHaveLength(1);
    if (crashes.deaths === 0) break;
  }
});

it("joins although the function dies twice", async () => {
  const call = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(call, call, (first, second) =>
      joinThrough(new Crashes(first, first + second)),
    ),
    PROPERTY,
  );
});
