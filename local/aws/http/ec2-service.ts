import type { AwsModel } from "../aws-model.ts";
import { describeInstances, stateXml } from "./ec2-instances.ts";
import { describeInstanceStatus, describeSpotRequests } from "./ec2-status.ts";
import type { QueryService } from "./query-service.ts";

/** EC2, as far as Drover and its operators use it. */
export function ec2Service(model: AwsModel): QueryService {
  return {
    prefix: "ec2",
    version: "2016-11-15",
    protocol: "ec2",
    actions: {
      DescribeInstances: (parameters) => describeInstances(model, parameters),
      DescribeInstanceStatus: (parameters) => describeInstanceStatus(model, parameters),
      DescribeSpotInstanceRequests: (parameters) => describeSpotRequests(model, parameters),
      GetConsoleOutput: (parameters) => {
        const instance = model.ec2.get(parameters.required("InstanceId"));
        const text = model.ec2.consoles.read(instance, parameters.flag("Latest") ?? false);
        return {
          instanceId: instance.id,
          timestamp: model.clock.now().toISOString(),
          ...(text && { output: Buffer.from(text).toString("base64") }),
        };
      },
      RebootInstances: (parameters) => {
        for (const id of parameters.list("InstanceId")) model.ec2.reboot(id);
        return { return: true };
      },
      TerminateInstances: (parameters) => {
        const ids = parameters.list("InstanceId");
        const before = ids.map((id) => model.ec2.get(id));
        const item = before.map((instance) => ({
          instanceId: instance.id,
          currentState: stateXml(model.ec2.terminate(instance.id)),
          previousState: stateXml(instance),
        }));
        return { instancesSet: { item } };
      },
    },
  };
}
