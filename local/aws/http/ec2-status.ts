import type { CheckStatus } from "../../../lambdas/domain/ports/compute.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { Ec2Instance } from "../ec2/instance.ts";
import type { ScheduledChange } from "../ec2/scheduled-events.ts";
import { type SpotRequest, statusMessage } from "../ec2/spot-requests.ts";
import { applyFilters, type Ec2Filters } from "./ec2-filters.ts";
import { stateXml } from "./ec2-instances.ts";
import { ec2Page } from "./ec2-paging.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { XmlObject } from "./xml.ts";

/** DescribeInstanceStatus takes no more ids. */
const IDS_AT_ONCE = 100;

/**
 * DescribeInstanceStatus: of running instances, unless all are asked for. One id that is unknown fails
 * the call for all.
 */
export function describeInstanceStatus({ ec2 }: AwsModel, parameters: QueryParameters): XmlObject {
  const ids = parameters.list("InstanceId");
  if (ids.length > IDS_AT_ONCE) {
    throw new AwsError("InvalidParameterValue", "No more than 100 instance ids may be specified");
  }
  const named = ids.length > 0 ? ids.map((id) => ec2.get(id)) : ec2.list();
  const all = parameters.flag("IncludeAllInstances") ?? false;
  const described = named.filter(({ state }) => all || state === "running");
  const filters: Ec2Filters<Ec2Instance> = (name) => {
    const checks = (instance: Ec2Instance) => ec2.checks.results(instance);
    const known: Record<string, (instance: Ec2Instance) => string | readonly string[]> = {
      "instance-status.status": (instance) => checks(instance).instance,
      "system-status.status": (instance) => checks(instance).system,
      "attached-ebs-status.status": (instance) => checks(instance).attachedEbs,
      "event.code": ({ id }) => ec2.scheduled.of(id).map(({ code }) => code),
      "event.instance-event-id": ({ id }) => ec2.scheduled.of(id).map((event) => event.id),
      "instance-state-name": ({ state }) => state,
      "availability-zone": ({ zone }) => zone,
    };
    return known[name];
  };
  const found = applyFilters(described, parameters, filters);
  const { page, next } = ec2Page(found, parameters, ids);
  const item = page.map((instance) => {
    const { system, instance: itself, attachedEbs } = ec2.checks.results(instance);
    const events = ec2.scheduled.of(instance.id);
    return {
      instanceId: instance.id,
      availabilityZone: instance.zone,
      instanceState: stateXml(instance),
      systemStatus: checkXml(system),
      instanceStatus: checkXml(itself),
      ...(attachedEbs !== "not-applicable" && { attachedEbsStatus: checkXml(attachedEbs) }),
      ...(events.length > 0 && { eventsSet: { item: events.map(eventXml) } }),
    };
  });
  return { instanceStatusSet: { item }, ...next };
}

function checkXml(status: CheckStatus): XmlObject {
  const reachability = { ok: "passed", impaired: "failed" }[String(status)] ?? status;
  return {
    status,
    details: { item: [{ name: "reachability", status: reachability }] },
  };
}

function eventXml({ id, code, description, notBefore }: ScheduledChange): XmlObject {
  return { instanceEventId: id, code, description, notBefore: notBefore.toISOString() };
}

/** The filters of DescribeSpotInstanceRequests the model knows. */
const SPOT_FILTERS: Record<string, (request: SpotRequest) => string> = {
  "spot-instance-request-id": ({ id }) => id,
  "instance-id": ({ instanceId }) => instanceId,
  "status-code": ({ statusCode }) => statusCode,
  state: ({ state }) => state,
};

/** DescribeSpotInstanceRequests. */
export function describeSpotRequests({ ec2 }: AwsModel, parameters: QueryParameters): XmlObject {
  const found = applyFilters(ec2.spotRequests.list(), parameters, (name) => SPOT_FILTERS[name]);
  const { page, next } = ec2Page(found, parameters, []);
  return { spotInstanceRequestSet: { item: page.map(spotXml) }, ...next };
}

function spotXml(request: SpotRequest): XmlObject {
  return {
    spotInstanceRequestId: request.id,
    instanceId: request.instanceId,
    state: request.state,
    type: "one-time",
    createTime: request.createdAt.toISOString(),
    status: {
      code: request.statusCode,
      updateTime: request.statusAt.toISOString(),
      message: statusMessage(request),
    },
  };
}
