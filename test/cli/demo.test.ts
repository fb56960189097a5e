import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { assertAllWell } from "../../bin/cli/demo-report.ts";
import type { Happening } from "../../local/demo/happening.ts";
import { Moments } from "../../local/demo/moments.ts";
import { openStage } from "../../local/demo/stage.ts";
import { JOIN_MOMENTS, join, launch } from "../../local/demo/stories/join.ts";
import { type Subject, watch } from "../../local/demo/subject.ts";
import type { LocalStack } from "../../local/stack.ts";
import { type CliRun, runCli } from "../helpers/run-cli.ts";

const MINUTES = 120_000;

describe("drover demo", () => {
  let timeline: CliRun;
  let json: CliRun;
  let rotation: CliRun;

  beforeAll(async () => {
    [timeline, json, rotation] = await Promise.all([
      runCli(["demo"]),
      runCli(["demo", "--json"]),
      runCli(["demo", "--story", "rotate"]),
    ]);
  }, MINUTES);

  it("shows an instance's life from its launch to nothing left, in order", () => {
    expect(timeline.stderr).toBe("");
    expect(timeline.code).toBe(0);
    const order = [
      "Auto Scaling          launches i-",
      "it waits at hook drover-launch",
      "Consul                made an ACL token",
      "Vault                 made a secret id",
      "Drover              * handed it its introduction",
      "the instance          drover: introduced as",
      "Vault                 the instance opened the wrapping",
      "Consul                serfHealth: Agent alive and reachable",
      "Nomad                 its node is ready and ineligible",
      "Drover              * made the node eligible",
      "Drover              * completed hook drover-launch with CONTINUE",
      "finished, joined",
      "orders.g[3] is running",
      "it waits at drover-terminate",
      "Drover              * marked the node ineligible",
      "orders.g[3] is complete",
      "Drover              * completed hook drover-terminate with CONTINUE",
      "is terminated",
      "finished, drained",
      "No task was killed",
    ];
    expectInOrder(timeline.stdout, order);
  });

  it.each([
    "Consul                it is no longer in the catalog",
    "Consul                its ACL token is deleted",
    "Vault                 its token is revoked",
    "Parameter Store       the introduction is deleted",
    "Nomad                 its node is purged",
  ])("shows that %s", (text) => expect(timeline.stdout).toContain(text));

  it("measures both halves", () => {
    expect(json.stderr).toBe("");
    expect(json.code).toBe(0);
    const { seconds } = JSON.parse(json.stdout);
    for (const each of Object.values({ ...seconds.launch, ...seconds.terminate })) {
      expect(each).toBeGreaterThanOrEqual(0);
      expect(each).toBeLessThan(60);
    }
    expect(Object.keys(seconds.launch)).toContain("launch event to in service");
    expect(Object.keys(seconds.terminate)).toContain("last task stopped to hook completed");
  });

  it("shows a token rotated under its consumer, in order", () => {
    expect(rotation.stderr).toBe("");
    expect(rotation.code).toBe(0);
    expectInOrder(rotation.stdout, [
      "the consumer          reads ",
      "the demo              asks for nomad-vault-token to be rotated",
      "by role nomad-server, an orphan",
      "is AWSPENDING",
      "Drover              * made a new one",
      "Drover                the new one works",
      "is AWSCURRENT",
      "the consumer          reads ",
      "Drover                its consumer uses the new one",
      "Drover                waits: the one before lives on until",
      "Drover              * revoked",
      "Vault                 answers 403 to the old token",
      "was never refused",
    ]);
    const [, calls] = /made (\d+) calls/.exec(rotation.stdout) ?? [];
    expect(Number(calls)).toBeGreaterThan(20);
    expect(rotation.stdout).not.toMatch(/\bs\.\w{20}/);
  });
});

function expectInOrder(text: string, order: readonly string[]): void {
  let from = 0;
  for (const each of order) {
    const place = text.indexOf(each, from);
    expect(place, each).toBeGreaterThanOrEqual(from);
    from = place + each.length;
  }
}

describe("its judgement", () => {
  const happenings: Happening[] = [];
  let stack: LocalStack;
  let subject: Subject;

  beforeAll(async () => {
    stack = await openStage(join.stage);
    const instanceId = launch(stack.cluster);
    const tell = (happening: Happening) => void happenings.push(happening);
    const input = { instanceId, expected: JOIN_MOMENTS };
    subject = watch(stack.cluster, input, { tell, follow: () => undefined });
    await vi.waitUntil(() => subject.moments.has("inService"), { timeout: 40_000 });
  }, MINUTES);
  afterAll(() => stack.stop());

  const judge = (change: Partial<Subject> = {}) =>
    assertAllWell({ subjects: [{ ...subject, ...change }] });

  it("names what is left of an instance, and where", () => {
    expect(judge).toThrow(
      `of ${subject.instanceId} this is left: its report in Parameter Store, its introduction in ` +
        "Parameter Store, its ACL token in Consul, its catalog entry in Consul, its token in Vault, " +
        "its node in Nomad",
    );
  });

  it("names the tasks that were killed", () => {
    const moments = new Moments([]);
    moments.killed = ["orders.g[3]"];
    expect(() => judge({ moments })).toThrow("was let go while these ran: orders.g[3]");
  });

  it("names what never happened", () => {
    expect(() => judge({ leftovers: () => [] })).toThrow(
      `of ${subject.instanceId} this never happened: its terminate event came, its node was made ` +
        "ineligible, its last task stopped, EC2 began to end it, EC2 ended it, it was taken out of " +
        "Consul's catalog, its Consul token was deleted, its Nomad node was purged, its Vault token was " +
        "revoked, its parameters were deleted",
    );
  });

  it("names what else is wrong", () => {
    const troubles = ["the consumer was refused", "the old token lives"];
    expect(() => assertAllWell({ subjects: [], troubles })).toThrow(troubles.join("; "));
  });

  it("leaves one in peace that stays", () => {
    expect(() => judge({ ends: false, moments: new Moments([]) })).not.toThrow();
  });

  it("tells no secret on the way", () => {
    const { aws, consul, vault, nomad } = stack.cluster;
    const secrets = [
      ...consul.tokens().map(({ secretId }) => secretId),
      ...vault.liveTokens().map(({ id }) => id),
      ...vault.secretIds().map(({ secretId }) => secretId),
      ...aws.parameters.list().flatMap(({ value }) => JSON.stringify(value).match(/[\w.-]{20,}/g)),
      nomad.managementToken,
    ].filter((secret) => typeof secret === "string");
    const told = happenings.map(({ text }) => text).join("\n");
    expect(told).toContain("introduced as");
    expect(secrets.length).toBeGreaterThan(8);
    for (const secret of secrets) {
      if (secret !== subject.instanceId) expect(told).not.toContain(secret);
    }
  });
});
