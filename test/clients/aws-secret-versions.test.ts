import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { createSecretVersions } from "../../lambdas/clients/aws/secret-versions.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const SECRET = "nomad/vault-token";
const FIRST = "10000000-0000-4000-8000-000000000001";
const NEXT = "10000000-0000-4000-8000-000000000002";
const THIRD = "10000000-0000-4000-8000-000000000003";
const VALUE = { token: "s3cr3t-new", accessor: "accessor-new" };

async function start(text = '{"token":"s3cr3t-old"}') {
  const world = await startFaceWorld();
  world.model.secrets.create(SECRET, text, FIRST);
  const stages = (id: string) => [
    ...(world.model.secrets.secret(SECRET).versions.find((each) => each.id === id)?.stages ?? []),
  ];
  return { ...world, stages, port: createSecretVersions(world.secrets) };
}

describe("the versions of a secret", () => {
  it("are stored as pending, made current and forgotten as pending", async () => {
    const { port, stages } = await start();
    expect(await port.versions(SECRET)).toEqual({ current: FIRST, pending: undefined });
    await port.putPending(SECRET, NEXT, VALUE);
    await port.putPending(SECRET, NEXT, VALUE);
    expect(await port.versions(SECRET)).toEqual({ current: FIRST, pending: NEXT });
    expect(await port.value(SECRET, NEXT)).toEqual(VALUE);
    await port.promote(SECRET, NEXT);
    await port.promote(SECRET, NEXT);
    expect(await port.versions(SECRET)).toEqual({ current: NEXT, pending: undefined });
    expect([stages(FIRST), stages(NEXT)]).toEqual([["AWSPREVIOUS"], ["AWSCURRENT"]]);
    expect(await port.value(SECRET, FIRST)).toEqual({ token: "s3cr3t-old" });
  });

  it("go back to the one before", async () => {
    const { port, stages } = await start();
    await port.putPending(SECRET, NEXT, VALUE);
    await port.promote(SECRET, NEXT);
    await port.promote(SECRET, FIRST);
    expect([stages(FIRST), stages(NEXT)]).toEqual([["AWSCURRENT"], ["AWSPREVIOUS"]]);
    await port.dropPending(SECRET, NEXT);
    expect(stages(NEXT)).toEqual(["AWSPREVIOUS"]);
  });

  it("are pending no more when they are given up, and others stay so", async () => {
    const { port } = await start();
    await port.putPending(SECRET, NEXT, VALUE);
    await port.dropPending(SECRET, THIRD);
    expect((await port.versions(SECRET)).pending).toBe(NEXT);
    await port.dropPending(SECRET, NEXT);
    await port.dropPending(SECRET, NEXT);
    expect(await port.versions(SECRET)).toEqual({ current: FIRST, pending: undefined });
  });

  it("are finished where a crash has left them: current, and pending still", async () => {
    const { port, model, stages } = await start();
    await port.putPending(SECRET, NEXT, VALUE);
    const move = { stage: "AWSCURRENT", removeFrom: FIRST, moveTo: NEXT };
    model.secrets.moveStage(SECRET, move);
    await port.promote(SECRET, NEXT);
    expect(stages(NEXT)).toEqual(["AWSCURRENT"]);
  });

  it("have no value yet when Secrets Manager has begun them, and take one", async () => {
    const { port, model } = await start();
    const { id } = model.secrets.beginRotation(SECRET);
    expect(await port.versions(SECRET)).toEqual({ current: FIRST, pending: id });
    expect(await port.value(SECRET, id)).toBeUndefined();
    expect(await port.value(SECRET, THIRD)).toBeUndefined();
    await port.putPending(SECRET, id, VALUE);
    expect(await port.value(SECRET, id)).toEqual(VALUE);
  });

  it("can be named by the secret's ARN", async () => {
    const { port, model } = await start();
    const { arn } = model.secrets.secret(SECRET);
    await port.putPending(arn, NEXT, VALUE);
    expect(await port.versions(SECRET)).toMatchObject({ pending: NEXT });
  });
});

describe("a secret without a value", () => {
  async function startEmpty() {
    const world = await startFaceWorld();
    world.model.secrets.create(SECRET);
    return { ...world, port: createSecretVersions(world.secrets) };
  }

  it("has no version that is current", async () => {
    const { port, secrets } = await startEmpty();
    expect(await port.versions(SECRET)).toEqual({ current: undefined, pending: undefined });
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: SECRET }))).rejects.toThrow(
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  });

  it.each([
    ["at first", false],
    ["when Secrets Manager has begun to rotate it", true],
  ])(
    "is given one that holds nothing %s, so that the first value is pending",
    async (_, isBegun) => {
      const { port, model } = await startEmpty();
      const pending = isBegun ? model.secrets.beginRotation(SECRET).id : undefined;
      await port.putNothing(SECRET);
      await port.putNothing(SECRET);
      const { current = "", ...others } = await port.versions(SECRET);
      expect(others).toEqual({ pending });
      expect(await port.value(SECRET, current)).toEqual({});
      await port.putPending(SECRET, pending ?? NEXT, VALUE);
      expect(await port.versions(SECRET)).toEqual({ current, pending: pending ?? NEXT });
      await port.promote(SECRET, pending ?? NEXT);
      expect(await port.value(SECRET, pending ?? NEXT)).toEqual(VALUE);
    },
  );

  it("keeps what somebody else puts there at the same time", async () => {
    for (const moment of ["PutSecretValueCommand", "UpdateSecretVersionStageCommand"]) {
      const { port, model, secrets } = await startEmpty();
      model.secrets.beginRotation(SECRET);
      secrets.middlewareStack.add(
        (next, { commandName }) => {
          if (commandName === moment) model.secrets.put(SECRET, "s3cr3t-theirs", undefined, THIRD);
          return next;
        },
        { step: "initialize" },
      );
      await port.putNothing(SECRET).catch((error: unknown) => {
        expect(error).toMatchObject({ name: "PortError", system: "secrets-manager" });
      });
      expect(model.secrets.get(SECRET).value, moment).toBe("s3cr3t-theirs");
    }
  });
});

describe("the text of a secret", () => {
  it.each([
    ["text", " s3cr3t\n", { token: "s3cr3t" }],
    ["JSON", '{"roleId":"r","secretId":"s"}', { roleId: "r", secretId: "s" }],
    ["nothing", " ", {}],
  ])("can be %s", async (_, text, value) => {
    const { port } = await start(text);
    expect(await port.value(SECRET, FIRST)).toEqual(value);
  });

  it.each([['{"token":s3cr3t}', '{"token":"s3cr3t","uses":3}', '{"s3cr3t":null}']].flat())(
    "can't be %j, and no error shows it",
    async (text) => {
      const { port } = await start(text);
      const failure = await port.value(SECRET, FIRST).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: "PortError", kind: "invalid" });
      expect(String(failure)).toContain(`secret ${SECRET} must hold a text, or a JSON object`);
      expect(String(failure)).not.toContain("s3cr3t");
    },
  );
});

describe("what goes wrong with a secret", () => {
  it("is that a version has another value already, which stays", async () => {
    const { port } = await start();
    await port.putPending(SECRET, NEXT, VALUE);
    const again = port.putPending(SECRET, NEXT, { token: "s3cr3t-other" });
    await expect(again).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(/secret nomad\/vault-token .* has another value already/),
    });
    await expect(again).rejects.not.toThrow(/s3cr3t/);
    expect(await port.value(SECRET, NEXT)).toEqual(VALUE);
  });

  it("is that there is none, or no such version", async () => {
    const { port } = await start();
    const missing = { system: "secrets-manager", kind: "invalid" };
    await expect(port.versions("nomad/tokn")).rejects.toMatchObject({
      ...missing,
      message: expect.stringMatching(/no secret nomad\/tokn.*configuration/),
    });
    await expect(port.promote(SECRET, THIRD)).rejects.toMatchObject(missing);
  });

  it("is never taken for a version that is not there", async () => {
    const { port, model } = await start();
    model.faults.deny("secretsmanager:GetSecretValue", 1);
    await expect(port.value(SECRET, FIRST)).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringMatching(/^secret nomad\/vault-token: .*allow secretsmanager:GetSec/),
    });
    model.faults.throttle("secretsmanager:GetSecretValue");
    await expect(port.value(SECRET, FIRST)).rejects.toMatchObject({ kind: "throttled" });
    model.faults.breakDown("secretsmanager:DescribeSecret");
    await expect(port.versions(SECRET)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("never shows a value, not even one that AWS quotes", async () => {
    const { port, secrets } = await start();
    secrets.middlewareStack.add(
      () => async (args) => {
        const { input } = args as { input: { SecretString?: string } };
        const text = `1 validation error detected: Value '${input.SecretString}' is too long`;
        throw Object.assign(new Error(text), { name: "ValidationException" });
      },
      { step: "initialize" },
    );
    const failure = await port.putPending(SECRET, NEXT, VALUE).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "invalid" });
    expect(JSON.stringify([String(failure), failure])).not.toContain("s3cr3t");
    expect((failure as Error).cause).toBeUndefined();
  });
});

describe("Secrets Manager's face", () => {
  it("lists the versions, deprecated ones on demand alone", async () => {
    const { secrets } = await start();
    for (const SecretString of ["two", "three"]) {
      await secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString }));
    }
    const list = async (input: { IncludeDeprecated?: boolean; MaxResults?: number }) => {
      const command = new ListSecretVersionIdsCommand({ SecretId: SECRET, ...input });
      return secrets.send(command);
    };
    const { Versions = [] } = await list({});
    expect(Versions.map(({ VersionStages }) => VersionStages)).toEqual([
      ["AWSPREVIOUS"],
      ["AWSCURRENT"],
    ]);
    expect((await list({ IncludeDeprecated: true })).Versions).toHaveLength(3);
    const page = await list({ MaxResults: 1 });
    expect(page).toMatchObject({ Versions: [{}], NextToken: expect.any(String) });
  });

  it("makes a secret once, however often it is asked with the same token", async () => {
    const { secrets } = await startFaceWorld();
    const create = new CreateSecretCommand({
      Name: "new/secret",
      SecretString: "one",
      ClientRequestToken: FIRST,
    });
    const { ARN } = await secrets.send(create);
    expect(await secrets.send(create)).toMatchObject({ ARN, VersionId: FIRST });
    const another = new CreateSecretCommand({ Name: "new/secret", SecretString: "two" });
    await expect(secrets.send(another)).rejects.toMatchObject({ name: "ResourceExistsException" });
  });
});
