import { describe, expect, it } from "vitest";
import type { ScheduledEvent } from "../../lambdas/domain/ports/compute.ts";
import { plusSeconds } from "../../local/clock.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const KILL_TIMEOUT_SECONDS = 60;

/** EC2 says that the first instance's change begins, or has begun, so many seconds from now. */
async function scheduled(startsInSeconds: number, patienceSeconds = 21_600) {
  let listed: ScheduledEvent[] = [];
  const scenario = new Scenario({
    config: { groups: [{ name: GROUP, events: { patienceSeconds } }] },
    ports: (ports) => ({
      ...ports,
      compute: {
        ...ports.compute,
        status: async (id) => {
          const status = await ports.compute.status(id);
          return status && { ...status, scheduled: id === scenario.first ? listed : [] };
        },
      },
    }),
  });
  scenario.cluster.nomad.registerJob({
    id: "slow",
    count: 6,
    stopTakesSeconds: 40,
    killTimeoutSeconds: KILL_TIMEOUT_SECONDS,
  });
  await scenario.startWork();
  const notBefore = plusSeconds(scenario.clock.now(), startsInSeconds);
  const code = "system-maintenance";
  listed = [{ id: "instance-event-0a1b2c3d4e5f60718", code, description: "", notBefore }];
  const tell = () =>
    scenario.cluster.aws.health.announce({
      code: "AWS_EC2_SYSTEM_MAINTENANCE_SCHEDULED",
      startsAt: notBefore,
      entities: [scenario.first],
    });
  return { scenario, tell };
}

describe("a scheduled change that is under way when Drover hears of it", () => {
  it("has its node drained with the time of every drain, and replaced", async () => {
    const { scenario, tell } = await scheduled(-300);
    const [{ drain } = { drain: undefined }] = scenario.config.groups;
    tell();
    const toldAt = scenario.clock.now().getTime();
    expect(await scenario.finished(scenario.first, 3_600)).toBe("drained");

    expect(scenario.cluster.killed).toEqual([]);
    const [end] = scenario.drainEnds();
    const least = (drain?.timeoutSeconds ?? Infinity) - KILL_TIMEOUT_SECONDS - 30;
    expect(end?.getTime()).toBeGreaterThan(toldAt + least * 1_000);
    expect(scenario.lifecycleState()).toBeUndefined();
  });

  it("is forced through nothing: what stands in the way for too long keeps the node", async () => {
    const { scenario, tell } = await scheduled(-300, 3_600);
    scenario.cluster.aws.autoScaling.suspendProcesses(GROUP, ["Launch"]);
    tell();
    expect(await scenario.finished(scenario.first, 7_200)).toBe("cancelled");

    expect(scenario.node()).toMatchObject({ eligible: true, drain: null, lastDrain: null });
    expect(scenario.running().length).toBeGreaterThan(0);
    expect(await scenario.history()).toContainEqual(expect.stringContaining("has begun"));
  });

  it("that begins in a moment leaves tasks their kill timeout", async () => {
    const { scenario, tell } = await scheduled(15);
    tell();
    const toldAt = scenario.clock.now().getTime();
    await scenario.until(() => scenario.drainEnds().length > 0, 60);

    const [end] = scenario.drainEnds();
    expect(end?.getTime()).toBeGreaterThanOrEqual(toldAt + 40_000);
    await scenario.until(() => scenario.running().length === 0, 120);
    expect(scenario.cluster.killed).toEqual([]);
  });
});
