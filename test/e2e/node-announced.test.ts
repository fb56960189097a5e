import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { consulOperator } from "../clients/contract/consul-cluster.ts";
import { readSettings } from "./settings.ts";
import { drover, historyUntil } from "./world/drover-cli.ts";
import { messagesLeft } from "./world/queues.ts";
import { consul } from "./world/traces.ts";
import { startWorld, type World } from "./world/world.ts";

const SAMPLE = "examples/node-announced.json";
const { detail: ANNOUNCED } = JSON.parse(
  readFileSync(new URL(`../../${SAMPLE}`, import.meta.url), "utf8"),
);

let world: World;

beforeAll(async () => {
  world = await startWorld({ instances: [] });
  // An entry that somebody else made.
  const other = { Node: "printer", Address: "192.0.2.99", NodeMeta: { "external-node": "true" } };
  await consulOperator(readSettings().consul, "PUT", "/v1/catalog/register", other);
});

afterAll(() => world?.stop());

it("makes an announced node part of Consul's catalog, with its check and its services", async () => {
  expect(await drover(["put-event", SAMPLE])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^put Node Announced on drover-e2e/),
  });
  await historyUntil(ANNOUNCED.nodeId, /^finished, registered/);
  expect(await consul(`/v1/catalog/node/${ANNOUNCED.name}`)).toMatchObject({
    Node: {
      Node: ANNOUNCED.name,
      Address: ANNOUNCED.address,
      Meta: {
        "external-node": "true",
        "external-probe": "true",
        instance_id: ANNOUNCED.nodeId,
        provider: ANNOUNCED.provider,
        zone: ANNOUNCED.zone,
        life_cycle: "hybrid",
      },
    },
    Services: { "node-exporter": { Service: "node-exporter", Port: 9_100, Tags: ["metrics"] } },
  });
  expect(await consul(`/v1/health/node/${ANNOUNCED.name}`)).toMatchObject([
    {
      Status: "critical",
      Definition: { HTTP: ANNOUNCED.check.http, Interval: "30s", Timeout: "5s" },
    },
  ]);
});

it("takes it out when it is withdrawn, and leaves other entries alone", async () => {
  const withdrawal = {
    source: "drover.node",
    "detail-type": "Node Withdrawn",
    detail: { nodeId: ANNOUNCED.nodeId },
  };
  expect(await drover(["put-event", "-"], JSON.stringify(withdrawal))).toMatchObject({ code: 0 });
  await historyUntil(ANNOUNCED.nodeId, /^finished, deregistered/);
  expect(await consul(`/v1/catalog/node/${ANNOUNCED.name}`)).toBeNull();
  expect(await consul("/v1/catalog/node/printer")).toMatchObject({ Node: { Node: "printer" } });
  expect(await messagesLeft("register-node")).toEqual({ queue: 0, deadLetters: 0 });
});
