import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { introductionNames } from "../../lambdas/contracts/introduction.ts";
import { vaultOperator } from "../helpers/real-openbao/operator.ts";
import { REPOSITORY } from "./machinery/environment.ts";
import { readSettings } from "./settings.ts";
import { drover, historyUntil } from "./world/drover-cli.ts";
import { introductionOf, reportOf } from "./world/instance-parameters.ts";
import { messagesLeft } from "./world/queues.ts";
import { consul, NOTHING, tracesOf } from "./world/traces.ts";
import { startWorld, type World } from "./world/world.ts";

/** MiniStack's own, in which all functions write. */
const FUNCTIONS_LOG = join(REPOSITORY, ".drover/e2e-logs/ministack.log");

let world: World;
let leaving: string;
let staying: string;
/** The event of each instance's launch. */
const launchEvents = new Map<string, object>();
/** What was so in the moment when Auto Scaling put an instance into service. */
const whenInService = new Map<string, Promise<object>>();
/** Until then the instances' role may read nothing. */
let roleHasPolicy = false;

beforeAll(async () => {
  const image = { bootSeconds: 2 };
  const launches = { image, idsFrom: 0x10140000, mayRead: () => roleHasPolicy };
  world = await startWorld({ instances: [], launches });
  const { aws, nomad } = world.cluster;
  // EventBridge delivers at least once.
  aws.eventBridge.delivery = ({ "detail-type": type }) => (type.includes("-launch") ? [0, 2] : [0]);
  aws.eventBridge.onEvent((event) => {
    const { EC2InstanceId: id } = event.detail as { EC2InstanceId: string };
    const type = event["detail-type"];
    if (type === "EC2 Instance-launch Lifecycle Action") launchEvents.set(id, event);
    if (type === "EC2 Instance Launch Successful") whenInService.set(id, look(id));
  });
  nomad.registerJob({ id: "orders", type: "system", stopTakesSeconds: 3, killTimeoutSeconds: 30 });
});

afterAll(() => world?.stop());

it("gives each new instance one set of credentials of its own, though its event comes twice", async () => {
  [leaving, staying] = [await world.launch(), await world.launch()];
  for (const id of [leaving, staying]) {
    await expect
      .poll(() => tracesOf(id), { timeout: 60_000 })
      .toEqual({
        consulNodes: [],
        consulTokens: [
          expect.objectContaining({ NodeIdentities: [{ NodeName: id, Datacenter: "dc1" }] }),
        ],
        secretIds: [expect.any(String)],
        tokens: [],
        parameters: parametersOf(id, { report: 1 }),
      });
    expect(world.lifecycleState(id)).toBe("Pending:Wait");
  }
});

it("lets an instance in that OpenBao, Consul and Nomad know, and not before", async () => {
  roleHasPolicy = true;
  for (const id of [leaving, staying]) {
    await expect.poll(() => world.lifecycleState(id), { timeout: 90_000 }).toBe("InService");
    expect(await whenInService.get(id)).toEqual({
      nomad: { status: "ready", eligible: true },
      consul: [{ CheckID: "serfHealth", Status: "passing" }],
    });
    const told = await historyUntil(id, /^finished, joined/);
    expect(told.filter((text) => !text.startsWith("waits"))).toEqual([
      expect.stringMatching(/^its introduction holds .*Nomad's, a Consul token .*Vault's$/),
      "handed it its introduction",
      "the instance has logged in to Vault",
      expect.stringMatching(/^the Nomad node is ready/),
      expect.stringMatching(/^the Consul agent is alive/),
      expect.stringMatching(/^added metadata to Consul's node/),
      "made the node eligible",
      "completed hook drover-launch with CONTINUE",
      expect.stringMatching(/^finished, joined/),
    ]);
  }
});

it("has left each with a token of OpenBao's and of Consul's, and with no second set", async () => {
  for (const id of [leaving, staying]) {
    const accessor = await reportOf(id);
    expect(await tracesOf(id)).toEqual({
      consulNodes: [id],
      consulTokens: [expect.objectContaining({ Description: `Made by Drover for node ${id}` })],
      secretIds: [],
      tokens: [accessor],
      parameters: parametersOf(id, { report: 2 }),
    });
    const lookUp = "auth/token/lookup-accessor";
    expect(await vaultOperator(readSettings().openBao, "POST", lookUp, { accessor })).toMatchObject(
      { data: { path: "auth/approle/login", meta: { instance_id: id, role_name: "drover-node" } } },
    );
    expect(await consul(`/v1/catalog/node/${id}`)).toMatchObject({
      Node: { Node: id, Meta: { instance_id: id, provider: "aws", life_cycle: "on-demand" } },
    });
  }
  expect(await messagesLeft("join-client")).toEqual({ queue: 0, deadLetters: 0 });
});

it("writes no secret into the history or the functions' logs", async () => {
  const { consul: ofConsul, openBao } = readSettings();
  const log = await readFile(FUNCTIONS_LOG, "utf8");
  expect(log).toContain("drover-e2e-join-client");
  const written = [log, ...(await historyUntil(leaving, /^finished, joined/))].join("\n");
  const { nomadIntroductionToken, consulToken, vault } = await introductionOf(leaving);
  const secrets = {
    nomadIntroductionToken,
    consulToken,
    wrappedSecretId: vault?.wrappedSecretId,
    droversConsulToken: ofConsul.droverToken,
    droversSecretId: openBao.drover.secretId,
  };
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret, name).toEqual(expect.any(String));
    expect(written.includes(secret ?? ""), `${name} is written`).toBe(false);
  }
});

it("leaves nothing of an instance that goes, and everything of one that stays", async () => {
  const before = await tracesOf(staying);
  const nodeId = world.cluster.nodeId(leaving);
  await expect.poll(() => world.cluster.running(leaving), { timeout: 30_000 }).toHaveLength(1);

  await world.terminate(leaving);
  const told = await historyUntil(leaving, /^finished, drained/);
  expect(told).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^drained the node/),
      "completed hook drover-terminate with CONTINUE",
      `removed node ${leaving} from Consul`,
      "revoked its Vault token",
      "revoked its Consul token",
      "deleted its parameters",
      expect.stringMatching(/^purged Nomad node/),
    ]),
  );
  expect(world.cluster.aws.ec2.get(leaving).state).toBe("terminated");
  expect(world.cluster.killed).toEqual([]);
  expect(await tracesOf(leaving)).toEqual(NOTHING);
  expect(world.cluster.nomad.node(nodeId)).toBeUndefined();

  expect(await tracesOf(staying)).toEqual(before);
  expect(world.lifecycleState(staying)).toBe("InService");
  expect(await messagesLeft("drain-client")).toEqual({ queue: 0, deadLetters: 0 });
});

it("makes no credentials for an instance that has gone, when its launch event comes late", async () => {
  const event = JSON.stringify(launchEvents.get(leaving));
  expect(await drover(["put-event", "-", "--now"], event)).toMatchObject({ code: 0 });
  await historyUntil(leaving, /^finished, instance-gone/);
  expect(await tracesOf(leaving)).toEqual(NOTHING);
});

/** The introduction, written once, and the report, written once more by the instance itself. */
function parametersOf(id: string, { report: version }: { report: number }) {
  const names = introductionNames("/drover/nodes", NodeId.parse(id));
  return [
    { name: names.introduction, version: 1 },
    { name: names.report, version },
  ];
}

async function look(id: string): Promise<object> {
  const { status, eligible } = world.cluster.nomad.node(world.cluster.nodeId(id)) ?? {};
  const checks = (await consul(`/v1/health/node/${id}`)) as { CheckID: string; Status: string }[];
  return {
    nomad: { status, eligible },
    consul: checks.map(({ CheckID, Status }) => ({ CheckID, Status })),
  };
}
