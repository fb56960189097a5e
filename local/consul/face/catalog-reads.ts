import type { ModelCheck, ModelEntry, ModelService } from "../entry.ts";
import type { ConsulModel } from "../model.ts";
import type { Call, Reply } from "./call.ts";

/** To a token that may not read the node, and of a node that is not there: an empty list. */
export function nodeChecks(call: Call): Reply {
  const entry = visible(call, call.params[0] ?? "");
  const checks = [...(entry?.checks.values() ?? [])].filter((check) => {
    const service = entry?.services.get(check.serviceId);
    return !service || call.model.access.mayService(call.caller, "read", service.name);
  });
  return { value: entry ? checks.map((check) => checkJson(entry, check)) : [], isRead: true };
}

/** To a token that may not read the node, and of a node that is not there: null. */
export function nodeWithServices(call: Call): Reply {
  const entry = visible(call, call.params[0] ?? "");
  if (!entry) return { value: null, isRead: true };
  const services = [...entry.services.values()].filter(({ name }) =>
    call.model.access.mayService(call.caller, "read", name),
  );
  const value = {
    Node: nodeJson(call.model, entry),
    Services: Object.fromEntries(services.map((each) => [each.id, serviceJson(entry, each)])),
  };
  return { value, isRead: true };
}

export function nodes(call: Call): Reply {
  const seen = call.model.nodes().filter(({ name }) => visible(call, name));
  return { value: seen.map((entry) => nodeJson(call.model, entry)), isRead: true };
}

function visible({ model, caller }: Call, name: string): ModelEntry | undefined {
  return model.access.mayNode(caller, "read", name) ? model.catalog.entries.get(name) : undefined;
}

function nodeJson(model: ConsulModel, entry: ModelEntry) {
  return {
    ID: entry.id,
    Node: entry.name,
    Address: entry.address,
    Datacenter: model.datacenter,
    TaggedAddresses: entry.taggedAddresses,
    Meta: entry.meta,
    CreateIndex: entry.createIndex,
    ModifyIndex: entry.modifyIndex,
  };
}

function serviceJson({ createIndex, modifyIndex }: ModelEntry, service: ModelService) {
  return {
    ID: service.id,
    Service: service.name,
    Tags: service.tags,
    Address: service.address,
    Meta: null,
    Port: service.port,
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    CreateIndex: createIndex,
    ModifyIndex: modifyIndex,
  };
}

export function checkJson(entry: ModelEntry, check: ModelCheck) {
  const service = entry.services.get(check.serviceId);
  return {
    Node: entry.name,
    CheckID: check.id,
    Name: check.name,
    Status: check.status,
    Notes: "",
    Output: check.output,
    ServiceID: check.serviceId,
    ServiceName: service?.name ?? "",
    ServiceTags: service?.tags ?? [],
    Type: "",
    Definition: check.definition,
    CreateIndex: entry.createIndex,
    ModifyIndex: entry.modifyIndex,
  };
}
