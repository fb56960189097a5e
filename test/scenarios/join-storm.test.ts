import { expect, it } from "vitest";
import { PUT_PARAMETER_RATE } from "../../local/aws/ssm/write-limit.ts";
import type { ModelClusterSettings } from "../../local/model-cluster.ts";
import type { CalledSystem } from "../helpers/call-counts.ts";
import { JoinStorm } from "../helpers/join-storm.ts";

const SYSTEMS: readonly CalledSystem[] = ["nomad", "consul", "vault", "ssm"];

async function storm(nodes: number, aws: ModelClusterSettings = {}) {
  const scenario = new JoinStorm({ aws });
  const seconds = await scenario.joinAll(nodes);
  const callsANode = SYSTEMS.map((system) => scenario.counts.of(system) / nodes);
  return { scenario, seconds, callsANode };
}

it("asks no more of the servers for a node among many than for one of a few", async () => {
  const few = await storm(5);
  const many = await storm(40);
  expect(many.seconds).toBe(few.seconds);
  for (const [index, system] of SYSTEMS.entries()) {
    expect(many.callsANode[index], system).toBeLessThanOrEqual(few.callsANode[index] ?? 0);
  }
});

it("never reads a whole catalog, nor all secret ids, for a node that joins", async () => {
  const { scenario } = await storm(40);
  const asked = [...scenario.counts.all().keys()];
  const lists = [
    "nomad GET /v1/nodes",
    "consul GET /v1/catalog/nodes",
    "consul GET /v1/acl/tokens",
    "vault GET /v1/auth/approle/role/drover-node/secret-id/",
  ];
  // Nomad has no other way from an instance to its node; those who ask together share one search.
  expect(asked.filter((call) => lists.includes(call))).toEqual(["nomad GET /v1/nodes"]);
  expect(scenario.counts.of("nomad", (call) => call === "GET /v1/nodes")).toBeLessThanOrEqual(40);
});

it("costs a node no more where Parameter Store takes few writes, and waits for little but them", async () => {
  const rate = PUT_PARAMETER_RATE;
  const [few, many] = [
    await storm(20, { parameterWrites: rate }),
    await storm(80, { parameterWrites: rate }),
  ];
  for (const [index, system] of SYSTEMS.entries()) {
    const ofFew = few.callsANode[index] ?? 0;
    // Those whose turns are apart share no search.
    expect(many.callsANode[index], system).toBeLessThanOrEqual(ofFew + 1);
  }
  // Two writes of Drover's and the instance's own; and what one alone takes until it is in service.
  const alone = (await storm(1)).seconds ?? 0;
  const writes = (80 * 3 - rate.burst) / rate.perSecond;
  expect(many.seconds).toBeLessThanOrEqual(1.2 * (alone + writes));
});

it("makes nothing twice at the rate at which Parameter Store takes writes", async () => {
  const scenario = new JoinStorm({ aws: { parameterWrites: PUT_PARAMETER_RATE } });
  expect(await scenario.joinAll(40)).toBeLessThan(120);
  expect(scenario.counts.of("ssm", (call) => call === "PutParameter")).toBe(80);
  for (const made of [
    "consul PUT /v1/acl/token",
    "nomad POST /v1/acl/identity/client-introduction-token",
    "vault POST /v1/auth/approle/role/drover-node/custom-secret-id",
  ]) {
    expect(scenario.counts.all().get(made), made).toBe(40);
  }
});
