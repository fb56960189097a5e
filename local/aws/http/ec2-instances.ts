import type { AwsModel } from "../aws-model.ts";
import type { Ec2Instance } from "../ec2/instance.ts";
import { applyFilters, type Ec2Filters } from "./ec2-filters.ts";
import { ec2Page } from "./ec2-paging.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { XmlObject } from "./xml.ts";

const STATE_CODES = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

/** The filters of DescribeInstances the model knows, besides those by tag. */
const FILTERS: Record<string, (instance: Ec2Instance) => string | readonly string[]> = {
  "instance-id": (instance) => instance.id,
  "instance-state-name": (instance) => instance.state,
  "instance-lifecycle": (instance) => (instance.spot ? "spot" : []),
  "private-dns-name": (instance) => instance.privateDnsName,
  "private-ip-address": (instance) => instance.privateIpAddress,
  "availability-zone": (instance) => instance.zone,
  "tag-key": (instance) => Object.keys(instance.tags),
};

const filters: Ec2Filters<Ec2Instance> = (name) => {
  if (!name.startsWith("tag:")) return FILTERS[name];
  return ({ tags }) => tags[name.slice("tag:".length)] ?? [];
};

/** DescribeInstances: an id asked for by name and not there is an error; by filter it is just not there. */
export function describeInstances(model: AwsModel, parameters: QueryParameters): XmlObject {
  const ids = parameters.list("InstanceId");
  const named = ids.length > 0 ? ids.map((id) => model.ec2.get(id)) : model.ec2.list();
  const found = applyFilters(named, parameters, filters);
  const { page, next } = ec2Page(found, parameters, ids);
  const item = page.map((instance) => ({
    reservationId: `r-${instance.id.slice(2)}`,
    ownerId: model.account,
    instancesSet: { item: [instanceXml(instance)] },
  }));
  return { reservationSet: { item }, ...next };
}

function instanceXml(instance: Ec2Instance): XmlObject {
  const tags = Object.entries(instance.tags).map(([key, value]) => ({ key, value }));
  return {
    instanceId: instance.id,
    instanceState: stateXml(instance),
    privateDnsName: instance.privateDnsName,
    ...(instance.privateIpAddress && { privateIpAddress: instance.privateIpAddress }),
    ...(instance.spot && { instanceLifecycle: "spot" }),
    placement: { availabilityZone: instance.zone },
    launchTime: instance.launchedAt.toISOString(),
    rootDeviceType: instance.rootDevice,
    ...(tags.length > 0 && { tagSet: { item: tags } }),
  };
}

export function stateXml({ state }: Ec2Instance): XmlObject {
  return { code: STATE_CODES[state], name: state };
}
