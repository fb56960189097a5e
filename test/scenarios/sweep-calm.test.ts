import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import { expectDrained } from "../helpers/expect-drained.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { Launches } from "../helpers/launches.ts";
import { Scenario } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

const SETTLED_SECONDS = 480;

function loseEvents({ cluster }: Scenario): void {
  cluster.aws.eventBridge.delivery = () => [];
}

describe("a healthy cluster", () => {
  it("is left alone", async () => {
    const scenario = new Launches({ group: { instances: 5 } });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(3_600);

    expect(sweeping.metric(METRICS.sweepSeconds)).toBe(60);
    expect(sweeping.metric(METRICS.sweepBlind)).toBe(0);
    expect(sweeping.sent).toEqual([]);
    expect(scenario.ports.nodes.all()).toEqual([]);
    expect(scenario.ports.findings).toEqual([]);
  });

  it("is left alone while instances come and go as their events tell", async () => {
    const scenario = new Launches({ group: { instances: 3 } });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);
    const id = scenario.launchOne();
    expect(await scenario.finished(id)).toBe("joined");
    expect(await scenario.left(scenario.first)).toBe("drained");
    await scenario.clock.advance(SETTLED_SECONDS);

    expect(sweeping.sent).toEqual([]);
  });
});

describe("a leader that has just changed", () => {
  it("means that nothing follows from what Nomad has not heard", async () => {
    const world = new HealWorld();
    await world.startWork();
    const sweeping = startSweeping(world);
    await world.clock.advance(SETTLED_SECONDS);
    world.stop(world.first, "nomad");
    await world.until(() => world.node()?.status === "down");
    world.cluster.nomad.changeLeader();
    await world.clock.advance(300);
    expect(sweeping.sent).toEqual([]);

    await world.until(async () => (await world.record()) !== undefined, 300);
    expect(await world.record()).toMatchObject({ flow: "heal-node" });
  });

  it("is what the first sweep takes for granted", async () => {
    const world = new HealWorld();
    await world.startWork();
    await world.kill(world.first, "nomad");
    const sweeping = startSweeping(world);
    await world.clock.advance(300);
    expect(sweeping.sent).toEqual([]);
  });
});

describe("a network that keeps most agents from Consul", () => {
  it("is told of a node once, and ends no instance", async () => {
    const world = new HealWorld();
    await world.startWork();
    const sweeping = startSweeping(world);
    await world.clock.advance(SETTLED_SECONDS);
    const apart = world.instances.slice(0, 6);
    for (const id of apart) world.stop(id, "consul");
    await world.clock.advance(1_200);

    expect(sweeping.sent.map(({ flow }) => flow)).toEqual(apart.map(() => "heal-node"));
    for (const id of apart) world.start(id, "consul");
    for (const id of apart) expect(await world.finished(id)).toBe("recovered");
    expect(world.members()).toEqual(world.instances);
    expect(world.instances.map((id) => world.node(id)?.eligible)).not.toContain(false);
    expect(world.cluster.killed).toEqual([]);
  });
});

describe("a crash between two steps", () => {
  it("loses nothing: an overdue tick is sent again", async () => {
    const scenario = new Scenario();
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    await scenario.scaleInAndBegin();
    scenario.queues.queue.purge();
    await scenario.until(async () => (await scenario.record())?.finished !== undefined, 900);

    await expectDrained(scenario);
    expect(sweeping.metric(METRICS.tickOverdue)).toBe(1);
  });
});

/** What may be denied, and so can't be read. */
const ACTIONS = [
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeSpotInstanceRequests",
  "ssm:DescribeInstanceInformation",
];

describe("a source that can't be read", () => {
  it.each(ACTIONS)("%s: a wait at a hook is found all the same", async (action) => {
    const scenario = new Scenario();
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    scenario.cluster.aws.faults.deny(action);
    scenario.scaleIn();
    await scenario.clock.advance(70);

    expect(await scenario.record()).toMatchObject({ flow: "drain-client" });
    expect(sweeping.metric(METRICS.sweepBlind)).toBeGreaterThan(0);
    expect(sweeping.log.join()).toContain(`allow ${action}`);
  });

  it.each(["nomad", "consul"] as const)(
    "%s: a wait at a hook is found all the same",
    async (which) => {
      const scenario = new Launches();
      await scenario.startWork();
      const sweeping = startSweeping(scenario);
      loseEvents(scenario);
      scenario.cluster[which].faults.set("away");
      scenario.scaleIn();
      await scenario.clock.advance(70);

      expect(await scenario.record()).toMatchObject({ flow: "drain-client" });
      expect(sweeping.metric(METRICS.sweepBlind)).toBeGreaterThan(0);
    },
  );

  it("can be one that never answers: a wait at a hook is found all the same", async () => {
    const scenario = new Scenario();
    await scenario.startWork();
    const unanswered = new Set<Promise<unknown>>();
    const never = () => {
      const { promise } = Promise.withResolvers<never>();
      unanswered.add(promise);
      return promise;
    };
    const tooLong = new PortError("sweep", "unavailable", "it took longer than 10 s");
    const sweeping = startSweeping(scenario, (ports) => ({
      ...ports,
      nomad: { nodes: never, place: never, hasNodeOn: never, servers: never },
      within: (work) => (unanswered.has(work) ? Promise.reject(tooLong) : work),
    }));
    loseEvents(scenario);
    scenario.scaleIn();
    await scenario.clock.advance(70);

    expect(await scenario.record()).toMatchObject({ flow: "drain-client" });
    expect(sweeping.log.join()).toContain("Nomad's nodes could not be read");
  });

  it("never means that what it tells of is gone", async () => {
    const scenario = new Launches({ group: { instances: 3 } });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);
    const { aws, nomad, consul } = scenario.cluster;
    const faults: (() => void)[] = [
      () => aws.faults.breakDown("autoscaling:DescribeAutoScalingGroups"),
      () => aws.faults.breakDown("ec2:DescribeInstances"),
      () => nomad.faults.set("away"),
      () => consul.faults.set("away"),
    ];
    for (const fault of faults) {
      fault();
      await scenario.clock.advance(900);
      aws.faults.heal();
      nomad.faults.clear();
      consul.faults.clear();
    }

    expect(sweeping.metric(METRICS.sweepBlind)).toBeGreaterThan(40);
    expect(sweeping.sent).toEqual([]);
  });

  it("can be the records: then nothing is told that may be known already", async () => {
    const scenario = new Scenario();
    await scenario.startWork();
    const broken = async () => {
      throw new PortError("dynamodb", "unavailable", "dynamodb:BatchGetItem got no answer");
    };
    const sweeping = startSweeping(scenario, (ports) => ({
      ...ports,
      records: { ...ports.records, records: broken },
    }));
    loseEvents(scenario);
    scenario.scaleIn();
    await scenario.clock.advance(70);

    expect(sweeping.sent).toEqual([]);
    expect(sweeping.metric(METRICS.sweepBlind)).toBeGreaterThan(0);
  });
});
