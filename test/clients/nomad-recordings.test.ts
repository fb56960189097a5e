import { describe, expect, test } from "vitest";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import { NomadNodeId } from "../../lambdas/contracts/ids.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import { type Exchange, exchange, replay } from "../helpers/nomad-recording.ts";

const ID = NomadNodeId.parse("79baf8c1-754c-e2b5-5963-0458f648b7cd");
const request = { deadlineNanoseconds: 1, ignoreSystemJobs: false, meta: {} };

function clientFor(entry: Exchange): Nomad {
  return createNomad({
    address: "recording:",
    token: async () => "a-token",
    transport: replay(entry),
    retry: { retries: 0 },
  });
}

describe("what a real Nomad answered", () => {
  test("a draining node", async () => {
    const node = await clientFor(exchange("drain-clean", "node while draining")).node(ID);
    expect(node).toEqual({
      id: ID,
      name: "client-1",
      status: "ready",
      statusSince: new Date("2026-11-22T16:56:29Z"),
      eligible: false,
      drain: {
        deadlineNanoseconds: 60e9,
        forceAt: new Date("2026-11-22T16:57:29.788Z"),
        startedAt: new Date("2026-11-22T16:56:29.788Z"),
        ignoreSystemJobs: false,
      },
      lastDrain: {
        status: "draining",
        startedAt: new Date("2026-11-22T16:56:29Z"),
        meta: { workflow: "drain-1" },
      },
      instanceId: "i-00000000000abc001",
      datacenter: "dc1",
      nodePool: "default",
      version: "2.0.6-dev",
      createIndex: 9,
    });
  });

  test("a node that was drained, and a down one whose drain had no Meta", async () => {
    const drained = await clientFor(exchange("drain-clean", "node after the drain")).node(ID);
    expect(drained).toMatchObject({ drain: null, lastDrain: { status: "complete" } });
    const down = await clientFor(exchange("client-dies", "node a moment later")).node(ID);
    expect(down).toMatchObject({ status: "down", eligible: false, lastDrain: { meta: {} } });
  });

  test("allocations, with how long each may take to stop", async () => {
    const nomad = clientFor(exchange("drain-clean", "allocations before the drain"));
    const seen = (await nomad.allocations(ID)).map((a) => [
      a.name,
      a.jobType,
      a.desiredStatus,
      a.clientStatus,
      a.stopSeconds,
    ]);
    expect(seen.sort()).toEqual([
      ["agent.g[0]", "system", "run", "running", 5],
      ["slow.g[0]", "service", "run", "running", 8],
      ["w.g[0]", "service", "run", "running", 5],
      ["web.g[0]", "service", "run", "running", 8],
    ]);
  });

  test.each<[string, string, (nomad: Nomad) => Promise<unknown>]>([
    ["reading", "read unknown node", (nomad) => nomad.node(ID)],
    ["mistakes", "drain an unknown node", (nomad) => nomad.drain(ID, request)],
    ["mistakes", "eligibility of an unknown node", (nomad) => nomad.setEligibility(ID, false)],
    ["mistakes", "purge an unknown node", (nomad) => nomad.purge(ID)],
    ["client-dies", "read the purged node", (nomad) => nomad.node(ID)],
  ])("%s, %s: not there", async (file, name, call) => {
    expect(await call(clientFor(exchange(file, name)))).toBeUndefined();
  });

  test.each<[string, string, string, (nomad: Nomad) => Promise<unknown>]>([
    ["reading", "no token", "denied", (nomad) => nomad.node(ID)],
    ["mistakes", "drain: no token", "denied", (nomad) => nomad.drain(ID, request)],
    ["reading", "read malformed node id", "invalid", (nomad) => nomad.node(ID)],
    ["reading", "filter: malformed", "invalid", (nomad) => nomad.allocations(ID)],
    ["mistakes", "drain: empty body", "invalid", (nomad) => nomad.drain(ID, request)],
    ["mistakes", "eligibility: bad value", "invalid", (nomad) => nomad.setEligibility(ID, true)],
    [
      "drain-clean",
      "eligible while draining",
      "invalid",
      (nomad) => nomad.setEligibility(ID, true),
    ],
  ])("%s, %s: %s", async (file, name, kind, call) => {
    const failure = expect(call(clientFor(exchange(file, name)))).rejects;
    await failure.toMatchObject({ name: "PortError", system: "nomad", kind });
  });
});
