import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { createIntroductions } from "../../lambdas/clients/aws/introductions.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { AwsError } from "../../local/aws/aws-error.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { modelIntroductionsPort } from "../../local/aws/ports.ts";
import { PUT_PARAMETER_RATE } from "../../local/aws/ssm/write-limit.ts";
import { VirtualClock } from "../../local/clock.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);
const OTHER = instanceId(2);
const WITHOUT_VAULT = {
  path: "/drover/nodes",
  expiresAfterSeconds: 3_600,
  kmsKeyId: "alias/nodes",
};
const VAULT = { role: "drover-node", mount: "approle", ttlSeconds: 1_800 };
const CONFIG = { ...WITHOUT_VAULT, vault: VAULT };
const INTRODUCTION = `/drover/nodes/${NODE}/introduction`;
const REPORT = `/drover/nodes/${NODE}/report`;
const GIVEN = {
  nodeName: NODE,
  consulToken: "s3cr3t-consul",
  vault: {
    mount: "approle",
    roleId: "role",
    wrappedSecretId: "s3cr3t-wrapping",
    creationPath: "auth/approle/role/drover-node/custom-secret-id",
  },
};

describe.each(["http", "in-process"] as const)("introductions, %s", (way) => {
  async function start() {
    const world = await startFaceWorld();
    const { model, ssm, clock } = world;
    const warnings: string[] = [];
    const warn = (text: string) => warnings.push(text);
    const place = { account: model.account, region: model.region };
    const port =
      way === "http"
        ? createIntroductions(ssm, { ...CONFIG, ...place }, clock, { warn })
        : modelIntroductionsPort(model, CONFIG, { warn });
    const role = model.roleOf(NODE);
    const give = async (id: InstanceId) => {
      await port.prepare(id);
      await port.put(id, GIVEN);
    };
    return { ...world, port, role, warnings, give };
  }

  it("are read by their own instance alone, and encrypted for everybody else", async () => {
    const { port, role, model } = await start();
    await port.put(NODE, GIVEN);
    expect(JSON.parse(role.read(INTRODUCTION))).toEqual(GIVEN);
    expect(() => model.roleOf(OTHER).read(INTRODUCTION)).toThrow(/not authorized/);
    expect(model.parameters.get(INTRODUCTION)).toMatchObject({
      type: "SecureString",
      keyId: "alias/nodes",
      tier: "Advanced",
    });
  });

  it("go by themselves when nobody takes them away", async () => {
    const { port, model, clock } = await start();
    await port.put(NODE, GIVEN);
    await clock.advance(3_599);
    expect(model.parameters.find(INTRODUCTION)?.version).toBe(1);
    await clock.advance(120);
    expect(model.parameters.find(INTRODUCTION)).toBeUndefined();
  });

  it("take the place of an earlier one, for as long again, and leave the report alone", async () => {
    const { port, role, clock, give } = await start();
    await give(NODE);
    role.overwrite(REPORT, '{"vaultTokenAccessor":"a1"}');
    await clock.advance(3_000);
    await port.put(NODE, { nodeName: "anew" });
    await clock.advance(3_000);
    expect(JSON.parse(role.read(INTRODUCTION))).toEqual({ nodeName: "anew" });
    expect(await port.report(NODE)).toEqual({ vaultTokenAccessor: "a1" });
  });

  it("hear the instance's report once it is there", async () => {
    const { port, role, warnings } = await start();
    expect(await port.report(NODE)).toBeUndefined();
    await port.prepare(NODE);
    expect(await port.report(NODE)).toBeUndefined();
    role.overwrite(REPORT, '{"intercepted":"wrapping token is not valid"}');
    expect(await port.report(NODE)).toEqual({ intercepted: "wrapping token is not valid" });
    expect(warnings).toEqual([]);
  });

  it("forget an earlier report when another is prepared, which the instance may write", async () => {
    const { port, role, model } = await start();
    await port.prepare(NODE);
    role.overwrite(REPORT, '{"vaultTokenAccessor":"revoked"}');
    await port.prepare(NODE);
    expect(await port.report(NODE)).toBeUndefined();
    role.overwrite(REPORT, '{"vaultTokenAccessor":"anew"}');
    expect(await port.report(NODE)).toEqual({ vaultTokenAccessor: "anew" });
    expect(() => model.roleOf(OTHER).overwrite(REPORT, "{}")).toThrow(/not authorized/);
    expect(await port.has(NODE)).toBe(false);
  });

  it("take rubbish for no report, and say so without quoting it", async () => {
    const { port, role, warnings } = await start();
    await port.prepare(NODE);
    await port.prepare(OTHER);
    role.overwrite(REPORT, "<<rubbish>>");
    const reports = await Promise.all([port.report(NODE), port.report(OTHER)]);
    expect(reports).toEqual([undefined, undefined]);
    expect(warnings).toEqual([expect.stringContaining(`${REPORT} is no report`)]);
    expect(warnings.join()).not.toContain("rubbish");
  });

  it("are removed, and counted", async () => {
    const { port, model, give } = await start();
    await give(NODE);
    await give(OTHER);
    expect(await Promise.all([port.remove(NODE), port.remove(OTHER)])).toEqual([2, 2]);
    expect(await port.remove(NODE)).toBe(0);
    expect(model.parameters.list()).toEqual([]);
  });

  it("are withdrawn alone: what the instance has reported stays", async () => {
    const { port, role, give } = await start();
    await give(NODE);
    role.overwrite(REPORT, '{"vaultTokenAccessor":"a1"}');
    expect(await port.withdraw(NODE)).toBe(true);
    expect(await port.has(NODE)).toBe(false);
    expect(await port.report(NODE)).toEqual({ vaultTokenAccessor: "a1" });
    expect(await port.withdraw(NODE)).toBe(false);
  });

  it("are written, found and removed for many instances at once", async () => {
    const { port, give } = await start();
    const ids = Array.from({ length: 25 }, (_, n) => instanceId(n + 1));
    await Promise.all(ids.map(give));
    expect(await Promise.all(ids.map((id) => port.report(id)))).toEqual(ids.map(() => undefined));
    expect(await Promise.all(ids.map((id) => port.remove(id)))).toEqual(ids.map(() => 2));
  });

  it("tell throttling and refusal apart, and never show what they hold", async () => {
    const { port, model } = await start();
    model.faults.throttle("ssm:PutParameter");
    await expect(port.prepare(NODE)).rejects.toMatchObject({ kind: "throttled" });
    model.faults.throttle("ssm:PutParameter");
    await expect(port.put(NODE, GIVEN)).rejects.toMatchObject({
      system: "ssm",
      kind: "throttled",
      message: expect.stringContaining("ssm:PutParameter"),
    });
    model.faults.fail("ssm:PutParameter", new AwsError("TooManyUpdates", "in conflict"));
    await expect(port.put(NODE, GIVEN)).rejects.toMatchObject({ kind: "throttled" });
    model.faults.deny("ssm:PutParameter");
    await expect(port.put(NODE, GIVEN)).rejects.toMatchObject({ kind: "denied" });
    model.faults.heal();
    const tooLong = { nodeName: NODE, consulToken: "s3cr3t".repeat(2_000) };
    const error: unknown = await port.put(NODE, tooLong).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ system: "ssm", kind: "invalid" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("s3cr3t");
    model.faults.breakDown("ssm:GetParameters");
    await expect(port.report(NODE)).rejects.toMatchObject({ kind: "unavailable" });
    model.faults.deny("ssm:DeleteParameters");
    await expect(port.remove(NODE)).rejects.toMatchObject({ kind: "denied" });
  });
});

it("without Vault needs no report, and is found once it is there", async () => {
  const { model } = await startFaceWorld();
  const port = modelIntroductionsPort(model, WITHOUT_VAULT);
  expect(await port.has(NODE)).toBe(false);
  await port.prepare(NODE);
  await port.put(NODE, { nodeName: NODE });
  expect(await port.has(NODE)).toBe(true);
  expect(model.parameters.list().map(({ name }) => name)).toEqual([INTRODUCTION]);
});

describe("introductions at the rate AWS allows", () => {
  it("are throttled when there are many, and go on a little later", async () => {
    const clock = new VirtualClock();
    const model = new AwsModel({ clock, parameterWrites: PUT_PARAMETER_RATE });
    const port = modelIntroductionsPort(model, CONFIG);
    const give = async (n: number) => {
      await port.prepare(instanceId(n));
      await port.put(instanceId(n), GIVEN);
    };
    for (let n = 1; n <= 10; n++) await give(n);
    const late = () => give(11);
    await expect(late()).rejects.toMatchObject({ system: "ssm", kind: "throttled" });
    await clock.advance(1);
    await late();
    expect(model.parameters.list()).toHaveLength(22);
  });
});

describe("an introduction somebody else had put without its tag", () => {
  it("is tagged when it is replaced", async () => {
    const { model, ssm } = await startFaceWorld();
    const Name = INTRODUCTION;
    await ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "SecureString" }));
    expect(() => model.roleOf(NODE).read(Name)).toThrow(/not authorized/);
    await modelIntroductionsPort(model, { ...CONFIG, kmsKeyId: undefined }).put(NODE, GIVEN);
    expect(JSON.parse(model.roleOf(NODE).read(Name))).toEqual(GIVEN);
  });
});
