import { GroupName, InstanceId } from "../../../lambdas/contracts/ids.ts";
import type { Compute } from "../../../lambdas/domain/ports/compute.ts";
import { GROUP_TAG } from "../auto-scaling/group.ts";
import type { AwsModel } from "../aws-model.ts";
import { asPortCall } from "./port-call.ts";

/** EC2's port right over the model. */
export function modelComputePort(model: AwsModel): Compute {
  return {
    instance: (id) =>
      asPortCall(model, "ec2", "ec2:DescribeInstances", () => {
        const instance = model.ec2.find(id);
        if (!instance) return undefined;
        const groupName = instance.tags[GROUP_TAG];
        return {
          id,
          state: instance.state,
          privateDnsName: instance.privateDnsName || null,
          privateIpAddress: instance.privateIpAddress || null,
          zone: instance.zone,
          lifeCycle: instance.spot ? "spot" : "on-demand",
          group: groupName === undefined ? null : GroupName.parse(groupName),
        };
      }),
    consoleOutput: (id) =>
      asPortCall(model, "ec2", "ec2:GetConsoleOutput", () => {
        const instance = model.ec2.find(id);
        if (!instance) return undefined;
        return model.ec2.consoles.read(instance, instance.nitro) || undefined;
      }),
    status: (id) =>
      asPortCall(model, "ec2", "ec2:DescribeInstanceStatus", () => {
        const instance = model.ec2.find(id);
        if (instance?.state !== "running") return undefined;
        const upcoming = model.ec2.scheduled.of(id).filter(({ isOver }) => !isOver);
        return {
          id,
          ...model.ec2.checks.results(instance),
          scheduled: upcoming
            .map(({ id, code, description, notBefore }) => ({ id, code, description, notBefore }))
            .sort((a, b) => a.notBefore.getTime() - b.notBefore.getTime()),
        };
      }),
    impaired: () =>
      asPortCall(model, "ec2", "ec2:DescribeInstanceStatus", () => {
        const running = model.ec2.list().filter(({ state }) => state === "running");
        const failing = running.filter((instance) =>
          Object.values(model.ec2.checks.results(instance)).includes("impaired"),
        );
        return new Set(failing.map(({ id }) => InstanceId.parse(id)));
      }),
  };
}
