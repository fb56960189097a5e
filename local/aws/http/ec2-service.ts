import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { Ec2Instance } from "../ec2/instance.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { QueryService } from "./query-service.ts";
import type { XmlObject } from "./xml.ts";

const STATE_CODES = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

/** The filters of DescribeInstances the model knows. */
const FILTERS: Record<string, (instance: Ec2Instance) => string> = {
  "instance-id": (instance) => instance.id,
  "instance-state-name": (instance) => instance.state,
  "private-dns-name": (instance) => instance.privateDnsName,
  "availability-zone": (instance) => instance.zone,
};

/** EC2, as far as Drover and its operators use it. */
export function ec2Service(model: AwsModel): QueryService {
  return {
    prefix: "ec2",
    version: "2016-11-15",
    protocol: "ec2",
    actions: {
      DescribeInstances: (parameters) => ({
        reservationSet: {
          item: select(model, parameters).map((instance) => ({
            reservationId: `r-${instance.id.slice(2)}`,
            ownerId: model.account,
            instancesSet: { item: [instanceXml(instance)] },
          })),
        },
      }),
      GetConsoleOutput: (parameters) => {
        const instance = model.ec2.get(parameters.required("InstanceId"));
        const text = model.ec2.consoles.read(instance, parameters.flag("Latest") ?? false);
        return {
          instanceId: instance.id,
          timestamp: model.clock.now().toISOString(),
          ...(text && { output: Buffer.from(text).toString("base64") }),
        };
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

/** An id that is asked for by name and not there is an error; by filter it is just not there. */
function select({ ec2 }: AwsModel, parameters: QueryParameters): Ec2Instance[] {
  const ids = parameters.list("InstanceId");
  const named = ids.length > 0 ? ids.map((id) => ec2.get(id)) : ec2.list();
  return parameters.filters().reduce((instances, { name, values }) => {
    const value = FILTERS[name];
    if (!value) {
      throw new AwsError("InvalidParameterValue", `The model does not know the filter '${name}'`);
    }
    return instances.filter((instance) => values.includes(value(instance)));
  }, named);
}

function instanceXml(instance: Ec2Instance): XmlObject {
  return {
    instanceId: instance.id,
    instanceState: stateXml(instance),
    privateDnsName: instance.privateDnsName,
    ...(instance.privateIpAddress && { privateIpAddress: instance.privateIpAddress }),
    ...(instance.spot && { instanceLifecycle: "spot" }),
    placement: { availabilityZone: instance.zone },
    launchTime: instance.launchedAt.toISOString(),
  };
}

function stateXml({ state }: Ec2Instance): XmlObject {
  return { code: STATE_CODES[state], name: state };
}
