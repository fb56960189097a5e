import { describe, expect, test } from "vitest";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import { VirtualClock } from "../../local/clock.ts";
import { answer } from "../../local/nomad/face/answer.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import {
  answerOf,
  type Exchange,
  exchange,
  exchanges,
  replay,
} from "../helpers/nomad-recording.ts";
import { expectAlike, expectSameFields } from "../helpers/nomad-shapes.ts";

const FIRST = "0f61b85e-081b-e38f-701e-67071df50b48";
const SECOND = "db2077c3-6b16-a6d1-f256-b927c9fbc3f3";
const ZONE = "platform.aws.placement.availability-zone";

function clientFor(file: string, name: string): Nomad {
  return createNomad({
    address: "recording:",
    token: async () => "a-token",
    transport: replay(exchange(file, name)),
    retry: { retries: 0 },
  });
}

/** What the model answers where it has the recordings' two clients. */
function ask(model: NomadModel, { request }: Exchange) {
  const { method, path, query } = request;
  const words = Object.entries(query).map(([key, value]): [string, string] => [key, `${value}`]);
  const url = `${path}?${new URLSearchParams(words)}`;
  return answer(model, { method, url, token: model.managementToken, body: "" });
}

function twoClients(): { clock: VirtualClock; model: NomadModel } {
  const clock = new VirtualClock();
  const model = new NomadModel(clock, { servers: 3 });
  model.addNode({ id: FIRST, attributes: { [ZONE]: "eu-central-1a" } });
  model.addNode({ id: SECOND, attributes: { [ZONE]: "eu-central-1b" } });
  return { clock, model };
}

describe("a pool", () => {
  const node = { status: "ready", eligible: true, draining: false, drained: false };

  test.each([
    ["filter by node pool", [FIRST, SECOND]],
    ["filter by another node pool", []],
    ["filter by node pool and zone", [SECOND]],
    ["filter by node pool and a zone of nobody", []],
  ])("%s", async (name, ids) => {
    const seen = await clientFor("pools", name).pool("default");
    expect(seen).toMatchObject(ids.map((id) => ({ ...node, id })));
  });

  test.each(exchanges("pools").map((entry) => [entry.name, entry] as const))(
    "%s: the model answers so",
    (_, entry) => expectAlike(ask(twoClients().model, entry), answerOf(entry)),
  );
});

describe("the allocations of a service", () => {
  const job = { id: "any", namespace: "default" };
  const on = (nodeId: string, healthy: boolean) => ({ nodeId, group: "g", healthy });

  test.each([
    ["allocations of a healthy service", [on(SECOND, true), on(FIRST, true)]],
    ["allocations of an unhealthy service", [on(SECOND, false), on(FIRST, false)]],
    ["allocations of a service whose health is not known yet", [on(SECOND, true), on(FIRST, true)]],
    ["allocations of a stopped service", []],
    ["allocations of no job", []],
  ])("%s", async (name, seen) => {
    expect(await clientFor("services", name).serviceAllocations(job)).toEqual(seen);
  });

  test("are what the model has: not known, then healthy or not, then stopped", async () => {
    const { clock, model } = twoClients();
    model.registerJob({ id: "web", count: 2 });
    model.registerJob({ id: "ill", count: 2, neverHealthy: true, healthyDeadlineSeconds: 12 });
    const expectSame = (name: string) => {
      const entry = exchange("services", name);
      expectSameFields(ask(model, entry), answerOf(entry));
    };
    await clock.advance(2);
    expectSame("allocations of a service whose health is not known yet");
    await clock.advance(12);
    expectSame("allocations of a healthy service");
    expectSame("allocations of an unhealthy service");
    expectSame("allocations of no job");
    model.stopJob("web");
    await clock.advance(10);
    expectSame("allocations of a stopped service");
  });
});

describe("the servers", () => {
  test.each([
    ["autopilot health, all healthy", [true, true, true]],
    ["autopilot with operator policy", [true]],
    // Autopilot says so with a 429.
    ["autopilot health, one of three died", [true, true, false]],
  ])("%s", async (name, healthy) => {
    const servers = await clientFor("servers", name).servers();
    expect(servers.map((server) => server.healthy)).toEqual(healthy);
    expect(servers[0]).toMatchObject({ leader: true, voter: true, term: 2 });
  });

  test("without a leader can't be had", async () => {
    const asked = clientFor("servers", "one of three left: autopilot health").servers();
    await expect(asked).rejects.toMatchObject({ system: "nomad", kind: "unavailable" });
  });

  test("answer in the model as they did: well, one dead, and one alone", async () => {
    const { clock, model } = twoClients();
    const expectSame = (name: string) => {
      const entry = exchange("servers", name);
      expectSameFields(ask(model, entry), answerOf(entry));
    };
    expectSame("autopilot health, all healthy");
    expectSame("leader");
    model.servers.kill("server-2.global");
    await clock.advance(38.5);
    expectSame("autopilot health, one of three died");
    await clock.advance(10);
    model.servers.kill("server-1.global");
    await clock.advance(10);
    for (const what of ["autopilot health", "leader", "agent health"]) {
      expectSame(`one of three left: ${what}`);
    }
  });
});
