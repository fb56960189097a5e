import { expect, test } from "vitest";
import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { createNomadSession } from "../../lambdas/clients/nomad/nomad-session.ts";
import { nomadGossipKey } from "../../lambdas/clients/nomad/rotate/gossip-key.ts";
import { nomadRootKey } from "../../lambdas/clients/nomad/rotate/root-key.ts";
import { nomadTokenKind } from "../../lambdas/clients/nomad/rotate/token-kind.ts";
import { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import { VirtualClock } from "../../local/clock.ts";
import { inProcessNomad } from "../../local/nomad/in-process.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { modelNomadSession } from "../../local/nomad/port.ts";

const ATTEMPT = AttemptId.parse("00000000-0000-4000-8000-000000000001");
const KEY = Buffer.alloc(32, "first").toString("base64");

function setUp(servers = 1) {
  const clock = new VirtualClock();
  const model = new NomadModel(clock, { gossipKey: KEY, servers });
  const session = modelNomadSession(model);
  const rotation = Rotation.parse({ kind: "nomad-token", name: "nomad", secret: "nomad" });
  if (rotation.kind !== "nomad-token") throw new Error("another kind");
  return {
    clock,
    model,
    rotation,
    tokens: nomadTokenKind({ deployment: "test", session, rotation, clock }),
    gossip: nomadGossipKey(session, clock),
    root: nomadRootKey(session),
    current: { token: model.createToken({ node: "read" }) },
  };
}

test.each([
  ["away", "unavailable"],
  ["throttled", "throttled"],
  ["no-leader", "unavailable"],
  ["leader-lost", "unavailable"],
] as const)("Nomad %s is %s, never a death, and nothing is done", async (fault, kind) => {
  const { model, tokens, gossip, root, current } = setUp();
  const { value, accessor } = await tokens.mint(ATTEMPT, current);
  const { id } = await root.newest();
  const failure = { system: "nomad", kind };
  model.faults.set(fault);
  await expect(tokens.identify(value)).rejects.toMatchObject(failure);
  await expect(tokens.lookUp(accessor)).rejects.toMatchObject(failure);
  await expect(tokens.madeFor(ATTEMPT)).rejects.toMatchObject(failure);
  await expect(tokens.revoke(accessor)).rejects.toMatchObject(failure);
  await expect(tokens.test(value)).rejects.toMatchObject(failure);
  await expect(tokens.mint(ATTEMPT, current)).rejects.toMatchObject(failure);
  await expect(gossip.identify({ key: KEY })).rejects.toMatchObject(failure);
  await expect(gossip.introduce?.({ key: KEY })).rejects.toMatchObject(failure);
  await expect(root.newest()).rejects.toMatchObject(failure);
  await expect(root.rotate()).rejects.toMatchObject(failure);
  model.faults.clear();
  expect(await tokens.identify(value)).toMatchObject({ accessor });
  expect(await tokens.madeFor(ATTEMPT)).toEqual([accessor]);
  expect((await root.newest()).id).toBe(id);
});

test("a token whose making got no answer is made once, and found", async () => {
  const { clock, model, rotation, current } = setUp();
  const inner = inProcessNomad(model);
  const session = createNomadSession({
    address: "model:",
    token: async () => model.managementToken,
    transport: {
      ...inner,
      async send(request) {
        const answer = await inner.send(request);
        if (request.method === "POST") throw new NoAnswer("model: the answer is lost");
        return answer;
      },
    },
  });
  const before = model.access.all().length;
  const tokens = nomadTokenKind({ deployment: "test", session, rotation, clock });
  await expect(tokens.mint(ATTEMPT, current)).rejects.toMatchObject({ kind: "unavailable" });
  const made = model.access.all().slice(before);
  expect(made).toHaveLength(1);
  expect(await tokens.madeFor(ATTEMPT)).toEqual(made.map(({ accessorId }) => accessorId));
});

test("a dead server holds the gossip key up until the others know it, and a new one has the key", async () => {
  const { clock, model, gossip } = setUp(3);
  const { value } = await gossip.mint(ATTEMPT, { key: KEY }, await gossip.choose?.(ATTEMPT));
  model.servers.kill("server-2.global");
  expect(await gossip.introduce?.(value)).toContain("2/3 nodes reported success");
  await clock.advance(45);
  expect(await gossip.introduce?.(value)).toBeUndefined();
  expect(await gossip.use?.(value)).toBeUndefined();
  model.servers.start("server-2.global");
  expect(await gossip.test(value)).toEqual({ works: true });
});

test("a gossip key can't be had of servers that don't encrypt", async () => {
  const gossip = nomadGossipKey(
    modelNomadSession(new NomadModel(new VirtualClock())),
    new VirtualClock(),
  );
  await expect(gossip.identify({ key: KEY })).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("1/1 nodes reported failure"),
  });
  expect(await gossip.introduce?.({ key: KEY })).toContain("1/1 nodes reported failure");
});
