import { expect, it } from "vitest";
import { createPrivateAddresses } from "../../lambdas/clients/aws/private-address.ts";
import { InstanceId, NodeId } from "../../lambdas/contracts/ids.ts";
import { startFaceWorld } from "./aws-face-world.ts";

it("an instance is found where EC2 says, and what is none, or has gone, nowhere", async () => {
  const { model, ec2 } = await startFaceWorld();
  const addressOf = createPrivateAddresses(ec2);
  const { id, privateIpAddress } = model.ec2.run();
  const gone = model.ec2.run().id;
  model.ec2.terminate(gone);
  const ids = [id, gone, InstanceId.parse("i-0ffffffffffffffff"), NodeId.parse("azure-vm-3")];
  const found = await Promise.all(ids.map((each) => addressOf(NodeId.parse(each))));
  expect(found[0]).toBe(privateIpAddress);
  expect(found.slice(2)).toEqual([undefined, undefined]);
  model.faults.deny("ec2:DescribeInstances");
  await expect(addressOf(NodeId.parse(id))).rejects.toMatchObject({
    system: "ec2",
    kind: "denied",
  });
});
