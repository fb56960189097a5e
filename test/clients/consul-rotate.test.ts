import { describe, expect, test } from "vitest";
import { createConsulSession } from "../../lambdas/clients/consul/consul-session.ts";
import { consulGossipKey } from "../../lambdas/clients/consul/rotate/gossip-key.ts";
import { consulTokenKind } from "../../lambdas/clients/consul/rotate/token-kind.ts";
import { fingerprintOf } from "../../lambdas/clients/gossip/gossip-key.ts";
import {
  type HttpAnswer,
  type HttpRequest,
  NoAnswer,
} from "../../lambdas/clients/http/exchange.ts";
import { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import { VirtualClock } from "../../local/clock.ts";
import { inProcessConsul } from "../../local/consul/in-process.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelConsulSession } from "../../local/consul/port.ts";

const ATTEMPT = AttemptId.parse("00000000-0000-4000-8000-000000000001");
const KEY = Buffer.alloc(32, "first").toString("base64");
const CHOSEN = {
  token: "11111111-1111-4111-8111-111111111111",
  accessor: "22222222-2222-4222-8222-222222222222",
};

function rotationOf(settings: object = {}) {
  const rotation = Rotation.parse({
    kind: "consul-token",
    name: "consul",
    secret: "consul",
    ...settings,
  });
  if (rotation.kind !== "consul-token") throw new Error("another kind");
  return rotation;
}

/** Drover's calls to a Consul that answers by a script. */
function scripted(script: (request: HttpRequest) => Partial<HttpAnswer>) {
  return createConsulSession({
    address: "script:",
    token: async () => "33333333-3333-4333-8333-333333333333",
    retry: { retries: 0 },
    transport: {
      address: "script:",
      send: async (request) => ({ status: 200, headers: {}, body: "{}", ...script(request) }),
      close() {},
    },
  });
}

describe("tokens", () => {
  test.each([
    ["away", "unavailable"],
    ["throttled", "throttled"],
    ["no-leader", "unavailable"],
    ["denied", "denied"],
  ] as const)("Consul %s is %s, never a death, and nothing is done", async (fault, kind) => {
    const model = new ConsulModel(new VirtualClock());
    const tokens = consulTokenKind({
      deployment: "test",
      session: modelConsulSession(model),
      rotation: rotationOf(),
    });
    const current = { token: model.createToken({ agentPrefix: { "": "read" } }) };
    const { value, accessor } = await tokens.mint(ATTEMPT, current, CHOSEN);
    const failure = { system: "consul", kind };
    model.faults.set(fault);
    await expect(tokens.identify(value)).rejects.toMatchObject(failure);
    await expect(tokens.lookUp(accessor)).rejects.toMatchObject(failure);
    await expect(tokens.madeFor(ATTEMPT)).rejects.toMatchObject(failure);
    await expect(tokens.revoke(accessor)).rejects.toMatchObject(failure);
    await expect(tokens.mint(ATTEMPT, current, value)).rejects.toMatchObject(failure);
    if (fault === "denied") expect(await tokens.test(value)).toMatchObject({ works: false });
    else await expect(tokens.test(value)).rejects.toMatchObject(failure);
    model.faults.clear();
    expect(await tokens.identify(value)).toMatchObject({ accessor });
    expect(await tokens.madeFor(ATTEMPT)).toEqual([accessor]);
  });

  test("one whose making got no answer is the same when it is made again", async () => {
    const model = new ConsulModel(new VirtualClock());
    let isLost = true;
    const inner = inProcessConsul(model);
    const session = createConsulSession({
      address: "model:",
      token: async () => model.managementToken,
      retry: { retries: 0 },
      transport: {
        ...inner,
        async send(request) {
          const answer = await inner.send(request);
          if (isLost && request.method === "PUT") throw new NoAnswer("model: the answer is lost");
          return answer;
        },
      },
    });
    const tokens = consulTokenKind({ deployment: "test", session, rotation: rotationOf() });
    const current = { token: model.createToken({ agentPrefix: { "": "read" } }) };
    await expect(tokens.mint(ATTEMPT, current, CHOSEN)).rejects.toMatchObject({
      kind: "unavailable",
    });
    const made = model.tokens().length;
    isLost = false;
    expect(await tokens.identify(CHOSEN)).toMatchObject({ accessor: CHOSEN.accessor });
    expect(await tokens.mint(ATTEMPT, current, CHOSEN)).toMatchObject({
      accessor: CHOSEN.accessor,
      value: CHOSEN,
    });
    expect(model.tokens()).toHaveLength(made);
  });

  test("templated policies are asked for as they were, without what Consul made of them", async () => {
    let asked: Record<string, unknown> = {};
    const self = {
      AccessorID: CHOSEN.accessor,
      CreateTime: "2026-01-01T00:00:00Z",
      TemplatedPolicies: [
        {
          TemplateID: "2",
          TemplateName: "builtin/service",
          TemplateVariables: { Name: "web" },
          Datacenters: ["dc1"],
        },
      ],
    };
    const session = scripted(({ method, body }) => {
      if (method === "PUT") asked = JSON.parse(body ?? "");
      return { body: JSON.stringify(self) };
    });
    await consulTokenKind({ deployment: "test", session, rotation: rotationOf() }).mint(
      ATTEMPT,
      { token: "44444444-4444-4444-8444-444444444444" },
      CHOSEN,
    );
    expect(asked.TemplatedPolicies).toEqual([
      {
        TemplateName: "builtin/service",
        TemplateVariables: { Name: "web" },
        Datacenters: ["dc1"],
      },
    ]);
  });

  test("does not work where Consul keeps something back from it", async () => {
    const testPath = "/v1/catalog/nodes";
    const self = { AccessorID: CHOSEN.accessor, CreateTime: "2026-01-01T00:00:00Z" };
    const session = scripted(({ path }) =>
      path === testPath
        ? { body: "[]", headers: { "x-consul-results-filtered-by-acls": "true" } }
        : { body: JSON.stringify(self) },
    );
    const tokens = consulTokenKind({
      deployment: "test",
      session,
      rotation: rotationOf({ testPath }),
    });
    expect(await tokens.test(CHOSEN)).toEqual({
      works: false,
      why: "GET /v1/catalog/nodes: Consul keeps some of it back from the token",
    });
  });

  test.each([
    [403, "rpc error making call: ACL not found"],
    [403, "ACL not found"],
    [404, "token does not exist: ACL not found"],
  ])("one of which Consul says %d %s is dead", async (status, body) => {
    const tokens = consulTokenKind({
      deployment: "test",
      session: scripted(() => ({ status, body })),
      rotation: rotationOf(),
    });
    expect(await tokens.identify(CHOSEN)).toBeUndefined();
  });
});

describe("the gossip key", () => {
  const pool = { Datacenter: "dc1", Segment: "", NumNodes: 3 };

  test("is asked of each pool by itself: the WAN, datacenters, segments", async () => {
    const all = { Keys: { [KEY]: 3 }, PrimaryKeys: { [KEY]: 3 } };
    const listed = [
      { ...pool, ...all, WAN: true, Keys: { [KEY]: 2 } },
      { ...pool, ...all, WAN: false },
      { ...pool, ...all, WAN: false, Segment: "edge", Keys: {} },
    ];
    const session = scripted(() => ({ body: JSON.stringify(listed) }));
    const kind = consulGossipKey(session, new VirtualClock());
    expect(await kind.test({ key: KEY })).toEqual({
      works: false,
      why: "1 of 3 members of the WAN lack it, 3 of 3 members of segment edge of dc1 lack it",
    });
  });

  test.each([
    [
      "a count that is none",
      JSON.stringify([{ ...pool, WAN: false, Keys: { [KEY]: "x" } }]),
      "3 of 3 members of the LAN of dc1 lack it",
    ],
    ["no pool", "[]", "GET /v1/operator/keyring"],
    ["no JSON", `{"${KEY}`, "GET /v1/operator/keyring"],
  ])("is in no message when Consul's answer has %s", async (_, body, text) => {
    const kind = consulGossipKey(
      scripted(() => ({ body })),
      new VirtualClock(),
    );
    const said = await kind.introduce?.({ key: KEY }).catch(String);
    expect(said).toContain(text);
    expect(said).not.toContain(KEY);
  });

  test("is in no message when Consul says it", async () => {
    const session = scripted(() => ({ status: 500, body: `1/1 nodes reported failure: ${KEY}` }));
    const kind = consulGossipKey(session, new VirtualClock());
    const said = await kind.introduce?.({ key: KEY });
    expect(said).toContain("nodes reported failure");
    expect(said).not.toContain(KEY);
  });

  test("reaches members that join before it is used; one that was away all the time stays away", async () => {
    const clock = new VirtualClock();
    const model = new ConsulModel(clock, { gossipKey: KEY });
    const kind = consulGossipKey(modelConsulSession(model), clock);
    const statusOf = (name: string) => model.members.agents.get(name)?.status;
    model.startAgent({ name: "away" });
    await clock.advance(5);
    model.stopAgent("away");
    await clock.advance(30);
    const { value } = await kind.mint(ATTEMPT, { key: KEY }, await kind.choose?.(ATTEMPT));
    expect(await kind.introduce?.(value)).toBeUndefined();
    model.startAgent({ name: "late", gossipKey: KEY });
    await clock.advance(5);
    expect(await kind.test(value)).toMatchObject({
      why: "1 of 2 members of the LAN of dc1 lack it",
    });
    expect(await kind.use?.(value)).toBeUndefined();
    await kind.revoke(fingerprintOf(KEY));
    expect(await kind.test(value)).toEqual({ works: true });
    model.resumeAgent("away");
    await clock.advance(60);
    expect([statusOf("late"), statusOf("away")]).toEqual(["alive", "failed"]);
  });

  test("can't be had of a Consul that does not encrypt", async () => {
    const model = new ConsulModel(new VirtualClock());
    const kind = consulGossipKey(modelConsulSession(model), new VirtualClock());
    await expect(kind.identify({ key: KEY })).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("encryption not enabled"),
    });
  });
});
