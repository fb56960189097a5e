import * as z from "zod";
import { InstanceId } from "../../../lambdas/contracts/ids.ts";
import type { Server } from "./server.ts";
import type { NomadView } from "./views.ts";

const PER_PAGE = 500;
/** Nodes read at once. Nomad refuses the 101st connection from one address. */
const AT_ONCE = 8;

/** A node as `GET /v1/nodes` lists it: without its attributes, and so without its instance id. */
const Stub = z.object({
  ID: z.string(),
  Name: z.string(),
  Status: z.string(),
  SchedulingEligibility: z.string(),
  Drain: z.boolean(),
  NodePool: z.string().default("default"),
  CreateIndex: z.number(),
});
type Stub = z.output<typeof Stub>;

const Texts = z.record(z.string(), z.string()).nullish();
const Node = z.object({ Attributes: Texts, Meta: Texts });

/**
 * Every node. Those that are not named after their instance, and that no record knows, are read one
 * by one to learn what they run on.
 * @param known the Nomad nodes whose instances are known already.
 */
export async function readNomad(server: Server, known: ReadonlySet<string>): Promise<NomadView[]> {
  const stubs = await listStubs(server);
  const isNamed = ({ Name }: Stub) => InstanceId.safeParse(Name).success;
  const unclear = stubs.filter((stub) => !isNamed(stub) && !known.has(stub.ID));
  const instances = new Map<string, string>();
  for (let from = 0; from < unclear.length; from += AT_ONCE) {
    const some = unclear.slice(from, from + AT_ONCE);
    const found = await Promise.all(some.map(({ ID }) => readInstanceId(server, ID)));
    for (const [i, { ID }] of some.entries()) {
      const instanceId = found[i];
      if (instanceId) instances.set(ID, instanceId);
    }
  }
  return stubs.map((stub) => toView(stub, instances.get(stub.ID)));
}

async function listStubs(server: Server): Promise<Stub[]> {
  const stubs: Stub[] = [];
  let next: string | undefined;
  do {
    const query = { per_page: `${PER_PAGE}`, ...(next && { next_token: next }) };
    const page = await server.read("/v1/nodes", z.array(Stub), query);
    stubs.push(...page.value);
    // The token of the next page stands nowhere but in this header.
    next = page.headers["x-nomad-nexttoken"];
  } while (next);
  return stubs;
}

/** By its fingerprint, or by what its configuration says; undefined when the node is gone, too. */
async function readInstanceId(server: Server, id: string): Promise<string | undefined> {
  const node = await server.find(`/v1/node/${id}`, Node);
  return node?.Attributes?.["unique.platform.aws.instance-id"] || node?.Meta?.instance_id;
}

function toView(stub: Stub, instanceId: string | undefined): NomadView {
  return {
    id: stub.ID,
    name: stub.Name,
    status: stub.Status,
    isEligible: stub.SchedulingEligibility === "eligible",
    isDraining: stub.Drain,
    nodePool: stub.NodePool,
    createIndex: stub.CreateIndex,
    ...(instanceId && { instanceId }),
  };
}
