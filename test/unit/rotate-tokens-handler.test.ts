import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createRotationWorld } from "../../local/rotation-ports.ts";

const SECRET = "nomad/vault-token";
const ATTEMPT = "20000000-0000-4000-8000-000000000001";

const SCHEDULED = {
  ...{ id: "e", account: "111111111111", region: "eu-central-1" },
  ...{ time: "2026-01-01T00:00:00Z", source: "aws.events" },
  "detail-type": "Scheduled Event",
};

/** A server that knows two tokens, and makes the second. */
const KIND: Kind = {
  isRenewed: false,
  mint: async () => ({ accessor: "a2", value: { token: "second" } }),
  madeFor: async () => [],
  identify: async ({ token }) => ({ accessor: token === "second" ? "a2" : "a1" }),
  lookUp: async (accessor) => ({ accessor }),
  test: async ({ token }) =>
    token === "broken" ? { works: false, why: "GET /v1/sys: 403" } : { works: true },
  revoke: async () => {},
};

function world(text = "first", kind = KIND) {
  const aws = new AwsModel({ clock: new VirtualClock() });
  const made = createRotationWorld({ aws, kindOf: () => kind });
  const { arn } = aws.secrets.create(SECRET, text);
  const [rotation] = Rotate.parse({
    of: [{ name: "token", kind: "vault-token", role: "nomad", secret: SECRET }],
  }).of;
  if (!rotation) throw new Error("there is no rotation");
  const handler = rotateTokensHandler(() => ({ rotations: [rotation], ports: made.ports }));
  const call = (event: unknown) => handler(event, {} as Context);
  const step = (Step: string, SecretId = arn) =>
    call({ Step, SecretId, ClientRequestToken: ATTEMPT });
  const state = async () => made.rotations.get(rotation.name);
  return { aws, call, step, state, made };
}

const record = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: "1" },
});

describe("a batch of its queue", () => {
  it("is worked on message by message: one that can't be parsed fails for itself", async () => {
    const { call, state } = world();
    const start = { rotation: "token", ask: { kind: "start", by: "operator" } };
    const answer = await call({ Records: [record("bad", "{"), record("good", start)] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(await state()).toMatchObject({
      current: { accessor: "a2" },
      attempt: { by: "operator" },
    });
  });

  it("is a look at all of them when its time has come: what is configured stands in the record then", async () => {
    const { call, state } = world();
    expect(await call({ Records: [record("one", SCHEDULED)] })).toEqual({ batchItemFailures: [] });
    const plan = { everySeconds: 30 * 86_400, startedBy: "secrets-manager" };
    expect(await state()).toMatchObject({ plan, current: { accessor: "a1" } });
    expect((await state())?.attempt).toBeUndefined();
    const { version } = (await state()) ?? {};
    await call({ Records: [record("two", SCHEDULED)] });
    expect((await state())?.version).toBe(version);
  });

  it("tells why one could not be looked at, and counts that", async () => {
    const identify = async () => {
      throw new PortError("vault", "denied", "POST /v1/auth/token/lookup: Vault answered 403");
    };
    const { call, made } = world("first", { ...KIND, identify });
    expect(await call({ Records: [record("one", SCHEDULED)] })).toEqual({ batchItemFailures: [] });
    expect(made.counted.get(METRICS.rotationUnwatched)).toBe(1);
    expect(made.journal.all().map(({ text }) => text)).toEqual([
      "can't see how it stands: POST /v1/auth/token/lookup: Vault answered 403",
    ]);
  });

  it("gives back the request for a rotation that nobody knows", async () => {
    const { call } = world();
    const event = {
      ...{ id: "e", account: "111111111111", region: "eu-central-1" },
      ...{ time: "2026-01-01T00:00:00Z", source: "drover.rotation" },
      "detail-type": "Rotation Requested",
      detail: { name: "nobody" },
    };
    const answer = await call({ Records: [record("one", event)] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "one" }] });
  });
});

describe("a step of Secrets Manager", () => {
  it("is done, each twice, up to the new version", async () => {
    const { aws, step, state } = world();
    for (const name of ["createSecret", "setSecret", "testSecret"]) {
      await step(name);
      await step(name);
    }
    expect(aws.secrets.get(SECRET).value).toBe("first");
    await step("finishSecret");
    await step("finishSecret");
    expect(JSON.parse(aws.secrets.get(SECRET).value)).toEqual({ token: "second" });
    expect(await state()).toMatchObject({ attempt: { id: ATTEMPT, by: "secrets-manager" } });
  });

  it("tries what is current when a schedule is made, and begins nothing", async () => {
    const { step, state } = world();
    await step("testSecret");
    expect(await state()).toBeUndefined();
    await expect(world("broken").step("testSecret")).rejects.toThrow(
      "token: what secret nomad/vault-token holds does not work: GET /v1/sys: 403",
    );
  });

  it("fails for a secret that nobody rotates, and for an attempt that nobody began", async () => {
    const { step } = world();
    await expect(
      step("createSecret", "arn:aws:secretsmanager:x:1:secret:b-123456"),
    ).rejects.toThrow(
      "SecretId: no rotation is configured for arn:aws:secretsmanager:x:1:secret:b-123456",
    );
    await expect(step("finishSecret")).rejects.toThrow("has no such attempt under way");
  });
});

it.each([
  ["nothing", undefined, "Step"],
  [
    "a step nobody knows",
    { Step: "burnSecret", SecretId: "s", ClientRequestToken: ATTEMPT },
    "Step",
  ],
  [
    "a version that is none",
    { Step: "setSecret", SecretId: "s", ClientRequestToken: "1" },
    "Client",
  ],
])("an event that is %s is refused, and the field named", async (_, event, field) => {
  await expect(world().call(event)).rejects.toThrow(
    `neither a batch of SQS nor a step of Secrets Manager: ${field}`,
  );
});
