import fc from "fast-check";
import { expect, it } from "vitest";
import { plusSeconds } from "../../local/clock.ts";
import { Crashes } from "../helpers/crash.ts";
import { expectDrainNeverExtended, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { type RandomCluster, randomCluster } from "../helpers/random-cluster.ts";
import { PROPERTY } from "../helpers/runs.ts";
import { Scenario } from "../helpers/scenario.ts";

const HOOKS = ["drover-terminate"];

/** Builds the cluster and sets off all that is to happen to it. */
async function setOff(input: RandomCluster): Promise<Scenario> {
  const crashes = new Crashes(...input.crashesAfter);
  const scenario = new Scenario({
    ports: crashes.ports,
    invoke: crashes.invoke,
    seed: input.seed,
    group: {
      instances: input.instances,
      client: ({ id }) => ({ instanceId: id, maxKillTimeoutSeconds: 60 }),
    },
    drain: { pollSeconds: input.pollSeconds },
  });
  const { clock, cluster, queues, instances } = scenario;
  for (const job of input.jobs) cluster.nomad.registerJob(job);
  await clock.advance(30);
  const after = (seconds: number, action: () => unknown) =>
    clock.at(plusSeconds(clock.now(), seconds), action);

  let events = 0;
  cluster.aws.eventBridge.delivery = () =>
    input.deliveries[events++ % input.deliveries.length] ?? [0];
  // One stays, so that services have a place to go to.
  const leaving = instances.slice(0, Math.min(input.leaving.length, input.instances - 1));
  for (const [i, id] of leaving.entries()) {
    after(input.leaving[i] ?? 0, () => scenario.scaleIn(id));
  }
  for (const { at, messages } of input.duplicates) {
    after(at, () => queues.queue.duplicateNext(messages));
  }
  for (const { at, seconds, kind } of input.faults) {
    after(at, () => cluster.nomad.faults.set(kind));
    after(at + seconds, () => cluster.nomad.faults.set(undefined));
  }
  await clock.advance(130);
  for (const id of leaving) await scenario.finished(id, 7_200);
  await clock.advance(1_000);
  return scenario;
}

it("drains whatever cluster, and whatever is late, twice, not answered or dies", async () => {
  await fc.assert(
    fc.asyncProperty(randomCluster, async (input) => {
      const scenario = await setOff(input);
      const left = [...scenario.witness.letGoAt.keys()];
      expect(left.length).toBeGreaterThan(0);
      for (const id of left) {
        const record = await scenario.record(id);
        const passed = (record?.deadlineAt.getTime() ?? 0) <= scenario.clock.now().getTime();
        const gaveUp = record?.finished?.outcome === "gave-up" && passed;
        if (!gaveUp) {
          expect(record?.finished?.outcome).toBe("drained");
          expect(scenario.cluster.killed.filter(({ instanceId }) => instanceId === id)).toEqual([]);
        }
        const completed = scenario.witness.completions.filter((each) => each.instanceId === id);
        expect(completed.map(({ hook }) => hook)).toEqual(HOOKS);
        expect(scenario.node(id)).toBeUndefined();
        expectDrainNeverExtended(scenario, id);
        expect(scenario.witness.drainsBegun.get(scenario.cluster.nodeId(id)) ?? 0).toBeLessThan(2);
        expect(scenario.drainEnds(id).length).toBeLessThanOrEqual(1);
      }
      expectQueuesEmpty(scenario);
    }),
    PROPERTY,
  );
});
