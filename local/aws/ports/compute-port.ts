import type { Compute } from "../../../lambdas/domain/ports/compute.ts";
import type { AwsModel } from "../aws-model.ts";
import { asPortCall } from "./port-call.ts";

/** EC2's port right over the model. */
export function modelComputePort(model: AwsModel): Compute {
  return {
    instance: (id) =>
      asPortCall(model, "ec2", "ec2:DescribeInstances", () => {
        const instance = model.ec2.find(id);
        if (!instance) return undefined;
        return {
          id,
          state: instance.state,
          privateDnsName: instance.privateDnsName || null,
          privateIpAddress: instance.privateIpAddress || null,
          zone: instance.zone,
          lifeCycle: instance.spot ? "spot" : "on-demand",
        };
      }),
    consoleOutput: (id) =>
      asPortCall(model, "ec2", "ec2:GetConsoleOutput", () => {
        const instance = model.ec2.find(id);
        if (!instance) return undefined;
        return model.ec2.consoles.read(instance, instance.nitro) || undefined;
      }),
  };
}
