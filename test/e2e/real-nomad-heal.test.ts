import { afterAll, beforeAll, expect, it } from "vitest";
import { runOn } from "../clients/contract/at-work.ts";
import { operator } from "../clients/contract/cluster.ts";
import { type OwnCluster, startOwnCluster } from "../clients/contract/real-cluster.ts";
import { drover, history, historyUntil } from "./world/drover-cli.ts";
import { HEALING_GROUP, TOLERANCE_SECONDS } from "./world/names.ts";
import { expectAllDone } from "./world/queues.ts";
import { type RealNomadAgents, realNomadAgents } from "./world/real-nomad-agents.ts";
import { withRealNomad } from "./world/with-real-nomad.ts";
import { startWorld, type World } from "./world/world.ts";

/** Its agent dies for good. */
const SICK = "i-00000000000d0d001";
/** Its agent dies at the same time, and is started again by hand. */
const BRIEF = "i-00000000000d0d002";
/** It is on its way out, and a batch task keeps it. */
const LEAVING = "i-00000000000d0d003";
const INSTANCES = [SICK, BRIEF, LEAVING];
const PACK = "pack";
/** The sweep believes a leader that it has known for six minutes; then there is its schedule. */
const FOUND_WITHIN_SECONDS = 500;
const SAYS = "nomad.service: Main process exited, code=exited, status=1/FAILURE";

withRealNomad("the agent of a real Nomad client dies", (bin) => {
  let nomad: OwnCluster;
  let world: World;
  let agents: RealNomadAgents;
  const failures: unknown[] = [];

  beforeAll(async () => {
    const places = INSTANCES.map((instanceId) => ({ instanceId, zone: "eu-central-1a" }));
    nomad = await startOwnCluster(bin, places);
    world = await startWorld({
      instances: INSTANCES,
      group: HEALING_GROUP,
      nomadToken: await nomad.createToken("drover"),
      nomadAddress: nomad.address,
    });
    agents = realNomadAgents(world.cluster.aws, nomad, (error) => failures.push(error));
  });

  afterAll(async () => {
    agents?.close();
    await world?.stop();
    await nomad?.stop();
  });

  it("and its instance is replaced when breaker, tolerance and budget allow it, and not before", async () => {
    const { aws } = world.cluster;
    const [, , leaving] = nomad.nodes;
    if (!leaving) throw new Error("there are three nodes");
    await runOn(nomad, leaving, [{ id: PACK, type: "batch" }]);
    agents.break(SICK, SAYS);
    await Promise.all([agents.kill(SICK), agents.kill(BRIEF)]);
    const verdict = /^nomad-down: .*so its agents can be restarted.*Nomad +down since/s;
    await historyUntil(SICK, verdict, FOUND_WITHIN_SECONDS);
    await world.terminate(LEAVING);
    await historyUntil(LEAVING, /^drained the node, until/);
    await historyUntil(SICK, /^waits: too much of pool default is unhealthy at once/);
    expect(aws.runCommand.list()).toEqual([]);

    await agents.start(BRIEF);
    await historyUntil(BRIEF, /^finished, recovered/);
    await historyUntil(SICK, /^the restart of its agents has failed.*status=1\/FAILURE/s);
    await historyUntil(SICK, /^waits: nomad-down since .*: it has until .* to recover/);
    await historyUntil(SICK, /^waits: the budget of pool default is used up/);
    expect(world.members()).toEqual(expect.arrayContaining([SICK, BRIEF]));
    expect(world.lifecycleState(SICK)).toBe("InService");

    await operator(nomad, "DELETE", `/v1/job/${PACK}`);
    await historyUntil(SICK, /^purged Nomad node/);
    console.info((await drover(["history", SICK])).stdout);

    const at = await times(SICK, {
      held: /too much of pool default/,
      restarted: /^ordered a restart of nomad/,
      full: /the budget of pool default is used up/,
      replaced: /^handed it over to be drained and replaced/,
    });
    const away = await times(LEAVING, { back: /^finished, recovered|^completed hook/ });
    expect(at.restarted).toBeGreaterThan(at.held);
    expect(at.replaced).toBeGreaterThan(at.full);
    expect(at.replaced).toBeGreaterThan(away.back);
    expect(at.replaced - (await unwellSince())).toBeGreaterThanOrEqual(TOLERANCE_SECONDS * 1_000);
    expect(aws.runCommand.list().map(({ instanceId }) => instanceId)).toEqual([SICK]);
    const [next = "", ...others] = world.members().filter((id) => id !== BRIEF);
    expect(others).toEqual([]);
    expect(INSTANCES).not.toContain(next);
    await expect.poll(readyNodes, { timeout: 60_000, interval: 500 }).toEqual([BRIEF, next].sort());
    expect(failures).toEqual([]);
    await expectAllDone("heal-node");
  }, 1_200_000);

  /** When each line was written, in milliseconds. */
  async function times<Name extends string>(id: string, lines: Record<Name, RegExp>) {
    const written = await history(id);
    const timeOf = (line: RegExp) => written.find(({ text }) => line.test(text))?.at.getTime();
    const entries = Object.entries<RegExp>(lines).map(([name, line]) => [
      name,
      timeOf(line) ?? Number.NaN,
    ]);
    return Object.fromEntries(entries) as Record<Name, number>;
  }

  /** Since when the node is unwell, as its last verdict says. */
  async function unwellSince(): Promise<number> {
    const texts = (await history(SICK)).map(({ text }) => text);
    const last = texts.find((text) => text.startsWith("finished, to-be-replaced")) ?? "";
    return Date.parse(/since (\S+Z)/.exec(last)?.[1] ?? "");
  }

  /** The instances whose node takes work. */
  async function readyNodes(): Promise<string[]> {
    const stubs = (await operator(nomad, "GET", "/v1/nodes")) as { ID: string; Status: string }[];
    const ready = stubs.filter(({ Status }) => Status === "ready");
    const nodes = await Promise.all(
      ready.map(({ ID }) => operator(nomad, "GET", `/v1/node/${ID}`)),
    );
    return (nodes as { Attributes: Record<string, string>; SchedulingEligibility: string }[])
      .filter(({ SchedulingEligibility }) => SchedulingEligibility === "eligible")
      .map(({ Attributes }) => Attributes["unique.platform.aws.instance-id"] ?? "")
      .sort();
  }
});
