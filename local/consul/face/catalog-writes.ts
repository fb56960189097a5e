import * as z from "zod";
import { bodyOf } from "./body.ts";
import { type Call, permissionDenied, Refusal, type Reply } from "./call.ts";

const Texts = z.record(z.string(), z.string()).nullish();

const Service = z.object({
  ID: z.string().default(""),
  Service: z.string().default(""),
  Port: z.number().int().default(0),
  Tags: z.array(z.string()).nullish(),
  Address: z.string().default(""),
});

const Check = z.object({
  CheckID: z.string().default(""),
  Name: z.string().default(""),
  Status: z.enum(["passing", "warning", "critical"]).or(z.literal("")).default(""),
  Output: z.string().default(""),
  ServiceID: z.string().default(""),
  Definition: z.record(z.string(), z.unknown()).nullish(),
});

const Registration = z.object({
  Datacenter: z.string().default(""),
  Node: z.string().default(""),
  ID: z.string().default(""),
  Address: z.string().default(""),
  TaggedAddresses: Texts,
  NodeMeta: Texts,
  SkipNodeUpdate: z.boolean().default(false),
  Service: Service.nullish(),
  Check: Check.nullish(),
  Checks: z.array(Check).nullish(),
});

export function register(call: Call): Reply {
  const { model, caller } = call;
  const body = bodyOf(call, Registration);
  assertDatacenter(call, body.Datacenter);
  if (!body.Node) throw new Refusal(500, "Must provide node");
  if (!body.Address && !body.SkipNodeUpdate) {
    throw new Refusal(500, "Must provide address if SkipNodeUpdate is not set");
  }
  const { Service: service, Check: check } = body;
  if (!model.access.mayNode(caller, "write", body.Node)) throw permissionDenied();
  if (service && !model.access.mayService(caller, "write", service.Service)) {
    throw permissionDenied();
  }
  const reservedBy = model.catalog.ownerOf(body.Node, body.ID);
  if (reservedBy) {
    throw new Refusal(
      500,
      `failed inserting node: Error while renaming Node ID: "${body.ID}": Node name ${body.Node} is reserved by node ${reservedBy.id} with name ${body.Node} (${reservedBy.address})`,
    );
  }
  model.catalog.register({
    name: body.Node,
    id: body.ID,
    address: body.Address,
    taggedAddresses: body.TaggedAddresses,
    meta: body.NodeMeta,
    skipNodeUpdate: body.SkipNodeUpdate,
    services: service ? [modelService(service)] : [],
    checks: [...(check ? [check] : []), ...(body.Checks ?? [])].map(modelCheck),
  });
  return { value: true };
}

const Deregistration = z.object({
  Datacenter: z.string().default(""),
  Node: z.string().default(""),
  ServiceID: z.string().default(""),
  CheckID: z.string().default(""),
});

export function deregister(call: Call): Reply {
  const body = bodyOf(call, Deregistration);
  assertDatacenter(call, body.Datacenter);
  if (!body.Node) throw new Refusal(500, "Must provide node");
  if (!call.model.access.mayNode(call.caller, "write", body.Node)) throw permissionDenied();
  const what = { serviceId: body.ServiceID, checkId: body.CheckID };
  call.model.catalog.deregister(body.Node, what);
  return { value: true };
}

function assertDatacenter({ model }: Call, named: string): void {
  if (named && named !== model.datacenter) throw new Refusal(500, "No path to datacenter");
}

function modelService(body: z.infer<typeof Service>) {
  return {
    id: body.ID || body.Service,
    name: body.Service,
    port: body.Port,
    tags: body.Tags ?? [],
    address: body.Address,
  };
}

function modelCheck(body: z.infer<typeof Check>) {
  return {
    id: body.CheckID || body.Name,
    name: body.Name,
    status: body.Status || ("critical" as const),
    output: body.Output,
    serviceId: body.ServiceID,
    definition: body.Definition ?? {},
  };
}
