import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeInstanceInformationCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { startFaceWorld } from "./aws-face-world.ts";

const NAME = "/drover/nodes/i-1/introduction";
const until = (Timestamp: string) =>
  JSON.stringify([{ Type: "Expiration", Version: "1.0", Attributes: { Timestamp } }]);

async function start() {
  const world = await startFaceWorld();
  const put = (input: Partial<PutParameterCommandInput> = {}) =>
    world.ssm.send(new PutParameterCommand({ Name: NAME, Value: "v", Type: "String", ...input }));
  return { ...world, put };
}

describe("Parameter Store over HTTP", () => {
  it("keeps secure strings, and shows them to who decrypts", async () => {
    const { ssm, put } = await start();
    expect(await put({ Value: "s3cr3t", Type: "SecureString" })).toMatchObject({
      Version: 1,
      Tier: "Standard",
    });
    const hidden = await ssm.send(new GetParameterCommand({ Name: NAME }));
    expect(hidden.Parameter).toMatchObject({ Name: NAME, Type: "SecureString", Version: 1 });
    expect(hidden.Parameter?.Value).not.toContain("s3cr3t");
    const shown = new GetParameterCommand({ Name: NAME, WithDecryption: true });
    expect((await ssm.send(shown)).Parameter?.Value).toBe("s3cr3t");
    await ssm.send(new DeleteParameterCommand({ Name: NAME }));
    await expect(ssm.send(shown)).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("overwrites when told so, never with tags, another type or a lower tier", async () => {
    const { put } = await start();
    await put({ Tier: "Advanced", Tags: [{ Key: "a", Value: "1" }] });
    await expect(put()).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    const Overwrite = true;
    expect(await put({ Overwrite, Value: "w" })).toMatchObject({ Version: 2, Tier: "Advanced" });
    await expect(put({ Overwrite, Tags: [{ Key: "a", Value: "2" }] })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("tags and overwrite can't be used together"),
    });
    await expect(put({ Overwrite, Type: "SecureString" })).rejects.toMatchObject({
      name: "HierarchyTypeMismatchException",
    });
    await expect(put({ Overwrite, Tier: "Standard" })).rejects.toMatchObject({
      message: expect.stringContaining("can't downgrade"),
    });
  });

  it("has room for 4 KB, or 8 KB in the advanced tier", async () => {
    const { put } = await start();
    const Value = "x".repeat(4_097);
    await expect(put({ Value })).rejects.toMatchObject({ name: "ValidationException" });
    expect((await put({ Value, Tier: "Intelligent-Tiering" })).Tier).toBe("Advanced");
    await expect(
      put({ Name: "/b", Value: Value.repeat(2), Tier: "Advanced" }),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("keeps policies in the advanced tier alone, until others are sent", async () => {
    const { put, ssm, model, clock } = await start();
    const Policies = until("2026-01-01T01:00:00Z");
    await expect(put({ Policies })).rejects.toMatchObject({ name: "ValidationException" });
    await put({ Policies, Tier: "Advanced" });
    await put({ Overwrite: true, Value: "w" });
    const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
    expect(Parameters?.[0]?.Policies?.[0]?.PolicyType).toBe("Expiration");
    await put({ Overwrite: true, Policies: "[{}]" });
    await clock.advance(4_000);
    expect(model.parameters.get(NAME).policies).toEqual([]);
  });

  it.each([
    ["InvalidPolicyAttributeException", until("2025-12-31T00:00:00Z")],
    ["InvalidPolicyAttributeException", until("soon")],
    ["InvalidPolicyTypeException", until("2027-01-01T00:00:00Z").replace("Expiration", "Expiry")],
    ["ValidationException", "no JSON"],
  ])("answers %s to %s", async (name, Policies) => {
    const { put } = await start();
    await expect(put({ Policies, Tier: "Advanced" })).rejects.toMatchObject({ name });
  });

  it.each(["/aws/nodes", "/ssm-nodes/a", "/a b"])("has no parameter called %s", async (Name) => {
    const { put } = await start();
    await expect(put({ Name })).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("gives ten at a time, and says which are not there", async () => {
    const { put, ssm } = await start();
    await put();
    const found = await ssm.send(new GetParametersCommand({ Names: [NAME, "/none"] }));
    expect(found.Parameters?.map(({ Name }) => Name)).toEqual([NAME]);
    expect(found.InvalidParameters).toEqual(["/none"]);
    const Names = Array.from({ length: 11 }, (_, n) => `/many/${n}`);
    await expect(ssm.send(new GetParametersCommand({ Names }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("lists what lies below a path, page by page", async () => {
    const { put, ssm } = await start();
    for (let n = 0; n < 12; n++) await put({ Name: `/drover/nodes/i-${n}/report` });
    const shallow = await ssm.send(new GetParametersByPathCommand({ Path: "/drover/nodes" }));
    expect(shallow.Parameters).toEqual([]);
    const input = { Path: "/drover/nodes", Recursive: true };
    const first = await ssm.send(new GetParametersByPathCommand(input));
    expect(first.Parameters).toHaveLength(10);
    const rest = new GetParametersByPathCommand({ ...input, NextToken: first.NextToken });
    expect((await ssm.send(rest)).Parameters).toHaveLength(2);
  });

  it("tags", async () => {
    const { put, ssm } = await start();
    await put({ Tags: [{ Key: "a", Value: "1" }] });
    const of = { ResourceType: "Parameter", ResourceId: NAME } as const;
    const Tags = [{ Key: "b", Value: "2" }];
    await ssm.send(new AddTagsToResourceCommand({ ...of, Tags }));
    const { TagList } = await ssm.send(new ListTagsForResourceCommand(of));
    expect(TagList).toEqual([{ Key: "a", Value: "1" }, ...Tags]);
    const none = new AddTagsToResourceCommand({ ...of, ResourceId: "/none", Tags });
    await expect(ssm.send(none)).rejects.toMatchObject({ name: "InvalidResourceId" });
  });
});

describe("Systems Manager's machines over HTTP", () => {
  it("are EC2 instances and hybrid ones, by id, ping status or kind", async () => {
    const { ssm, model, clock } = await start();
    model.managedNodes.startAgent("i-0aaaaaaaaaaaaaaaa");
    const hybrid = model.managedNodes.activate({ name: "edge-1", ipAddress: "192.0.2.7" });
    const find = async (Key: string, ...Values: string[]) => {
      const command = new DescribeInstanceInformationCommand({ Filters: [{ Key, Values }] });
      return (await ssm.send(command)).InstanceInformationList ?? [];
    };
    expect(await find("ResourceType", "ManagedInstance")).toMatchObject([
      { InstanceId: hybrid, Name: "edge-1", IPAddress: "192.0.2.7", PingStatus: "Online" },
    ]);
    model.managedNodes.stopAgent(hybrid);
    await clock.advance(600);
    expect(await find("PingStatus", "ConnectionLost")).toMatchObject([{ InstanceId: hybrid }]);
    expect(await find("InstanceIds", "i-0bbbbbbbbbbbbbbbb")).toEqual([]);
    await expect(find("InstanceIds", "azure-vm-3")).rejects.toMatchObject({
      name: "InvalidInstanceInformationFilterValue",
    });
    await expect(find("Shoe", "42")).rejects.toMatchObject({ name: "InvalidFilterKey" });
  });

  it("lose their agent when their instance stops or ends", async () => {
    const { model, clock } = await start();
    const { id } = model.ec2.run({ running: true });
    model.managedNodes.startAgent(id);
    model.ec2.terminate(id);
    await clock.advance(600);
    expect(model.managedNodes.find(id)?.pingStatus).toBe("ConnectionLost");
  });
});
