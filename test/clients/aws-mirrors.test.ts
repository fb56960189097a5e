import { describe, expect, it } from "vitest";
import { createMirrors } from "../../lambdas/clients/aws/mirrors.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const PARAMETER = "/nomad/vault-token";
const VALUE = { token: "s3cr3t", accessor: "accessor-1" };
const TEXT = JSON.stringify(VALUE);

async function start() {
  const world = await startFaceWorld();
  const { parameters } = world.model;
  return { ...world, parameters, port: createMirrors(world.ssm) };
}

describe("a mirror of a secret", () => {
  it("is made where there is none, as a SecureString with the secret's text", async () => {
    const { port, parameters } = await start();
    await port.put(PARAMETER, VALUE);
    expect(parameters.get(PARAMETER)).toMatchObject({
      value: TEXT,
      type: "SecureString",
      tier: "Standard",
      version: 1,
    });
  });

  it("is written only if it holds something else", async () => {
    const { port, parameters } = await start();
    await port.put(PARAMETER, VALUE);
    await port.put(PARAMETER, VALUE);
    expect(parameters.get(PARAMETER).version).toBe(1);
    await port.put(PARAMETER, { token: "another" });
    expect(parameters.get(PARAMETER)).toMatchObject({ value: '{"token":"another"}', version: 2 });
  });

  it("is made under the key that is named, and keeps whatever key it is under", async () => {
    const { ssm, parameters } = await start();
    const port = createMirrors(ssm, { newUnder: "alias/drovers" });
    await port.put(PARAMETER, VALUE);
    expect(parameters.get(PARAMETER).keyId).toBe("alias/drovers");
    parameters.put({ name: "/ours", value: "none yet", type: "SecureString", keyId: "alias/ours" });
    await port.put("/ours", VALUE);
    expect(parameters.get("/ours")).toMatchObject({ value: TEXT, keyId: "alias/ours" });
  });

  it("keeps the key, the tags and the tier that its owner gave it", async () => {
    const { port, parameters } = await start();
    parameters.put({
      name: PARAMETER,
      value: "none yet",
      type: "SecureString",
      tier: "Advanced",
      keyId: "alias/ours",
      tags: new Map([["team", "platform"]]),
    });
    await port.put(PARAMETER, VALUE);
    expect(parameters.get(PARAMETER)).toMatchObject({
      value: TEXT,
      tier: "Advanced",
      keyId: "alias/ours",
      tags: new Map([["team", "platform"]]),
    });
  });

  it("of more than the standard tier takes becomes an advanced parameter, and stays one", async () => {
    const { port, parameters } = await start();
    await port.put(PARAMETER, VALUE);
    await port.put(PARAMETER, { token: "x".repeat(4_096) });
    expect(parameters.get(PARAMETER).tier).toBe("Advanced");
    await port.put(PARAMETER, VALUE);
    expect(parameters.get(PARAMETER)).toMatchObject({ value: TEXT, tier: "Advanced" });
  });

  it("is not written where everybody could read it", async () => {
    const { port, parameters } = await start();
    parameters.put({ name: PARAMETER, value: "none yet", type: "String" });
    await expect(port.put(PARAMETER, VALUE)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(/^parameter \/nomad\/vault-token is no SecureString: delete/),
    });
    expect(parameters.get(PARAMETER).value).toBe("none yet");
  });

  it("is not absent because nobody may read it, and its errors name it and show nothing", async () => {
    const { port, model, parameters } = await start();
    model.faults.deny("ssm:GetParameter", 1);
    await expect(port.put(PARAMETER, VALUE)).rejects.toMatchObject({
      system: "ssm",
      kind: "denied",
      message: expect.stringMatching(/^parameter \/nomad\/vault-token: .*allow ssm:GetParameter/),
    });
    expect(parameters.find(PARAMETER)).toBeUndefined();
    model.faults.throttle("ssm:PutParameter");
    const failure = await port.put(PARAMETER, VALUE).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "throttled" });
    model.faults.heal();
    const tooLong = await port
      .put(PARAMETER, { token: "s3cr3t".repeat(2_000) })
      .catch((error: unknown) => error);
    expect(tooLong).toMatchObject({ name: "PortError", kind: "invalid" });
    expect(`${failure} ${tooLong}`).not.toContain("s3cr3t");
  });
});
