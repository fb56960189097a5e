import { describe, expect, it } from "vitest";
import { createMachineParameters } from "../../lambdas/clients/aws/machine-parameters.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const NODE = InstanceId.parse("i-00000000000000001");
const PATH = "/backup/vault";
const NAME = `${PATH}/${NODE}`;

async function start() {
  const world = await startFaceWorld();
  const { model, ssm } = world;
  const port = createMachineParameters(ssm, { account: model.account, region: model.region });
  return { ...world, port, parameters: model.parameters };
}

describe("a machine's parameter", () => {
  it("is a SecureString of the standard tier with the ARN of its instance, whatever the account's default", async () => {
    const { port, model, parameters } = await start();
    parameters.defaultTier = "Advanced";
    await port.put(PATH, NODE, "first");
    const instance = `arn:aws:ec2:${model.region}:${model.account}:instance/${NODE}`;
    const made = { type: "SecureString", tier: "Standard" };
    const tags = new Map([["drover:instance", instance]]);
    expect(parameters.get(NAME)).toMatchObject({ ...made, value: "first", tags });
    await port.put(PATH, NODE, "second");
    expect(parameters.get(NAME)).toMatchObject({ ...made, value: "second", tags });
  });

  it("is deleted, and one that is gone already is no error", async () => {
    const { port, parameters } = await start();
    await port.put(PATH, NODE, "first");
    await port.remove(PATH, NODE);
    expect(parameters.find(NAME)).toBeUndefined();
    await expect(port.remove(PATH, NODE)).resolves.toBeUndefined();
  });

  it("is named by the errors, which show nothing of its value", async () => {
    const { port, model, parameters } = await start();
    model.faults.deny("ssm:PutParameter", 1);
    await expect(port.put(PATH, NODE, "first")).rejects.toMatchObject({
      system: "ssm",
      kind: "denied",
      message: expect.stringMatching(`^parameter ${NAME}: .*allow ssm:PutParameter`),
    });
    const tooLong = await port.put(PATH, NODE, "s3cr3t".repeat(1_000)).catch((error) => error);
    expect(tooLong).toMatchObject({ name: "PortError", kind: "invalid" });
    expect(tooLong.message).toMatch(`parameter ${NAME}: `);
    expect(`${tooLong}`).not.toContain("s3cr3t");
    await port.put(PATH, NODE, "first");
    model.faults.deny("ssm:DeleteParameter", 1);
    await expect(port.remove(PATH, NODE)).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringMatching(`^parameter ${NAME}: .*allow ssm:DeleteParameter`),
    });
    expect(parameters.get(NAME).value).toBe("first");
  });
});
