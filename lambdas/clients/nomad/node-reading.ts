import * as z from "zod";
import { NomadNodeId } from "../../contracts/ids.ts";
import type { NomadNode } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";

/** Where Nomad's AWS fingerprint puts the instance id, and the availability zone. */
export const INSTANCE_ID_ATTRIBUTE = "unique.platform.aws.instance-id";
export const ZONE_ATTRIBUTE = "platform.aws.placement.availability-zone";
/** Where its Nomad fingerprint puts the agent's version. */
const VERSION_ATTRIBUTE = "nomad.version";
/** Where a client's configuration puts it when the fingerprint can't be had. */
export const INSTANCE_ID_META = "instance_id";

export const Texts = z.record(z.string(), z.string()).nullish();
const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** A status that a newer Nomad may have is not `down`: nobody gives such a node up. */
export const NodeStatus = z
  .string()
  .pipe(z.enum(["initializing", "ready", "down", "disconnected"]).catch("initializing"));

export const SchedulingEligibility = z.enum(["eligible", "ineligible"]);
export const DrainStatus = z.enum(["draining", "complete", "canceled"]);

/** The fields of `GET /v1/node/:id` that are read. */
const Node = z.object({
  ID: NomadNodeId,
  Name: z.string(),
  Datacenter: z.string(),
  NodePool: z.string().default("default"),
  Status: NodeStatus,
  /** Seconds. */
  StatusUpdatedAt: z.number().int(),
  SchedulingEligibility,
  CreateIndex: z.number().int(),
  Attributes: Texts,
  Meta: Texts,
  DrainStrategy: z
    .object({
      Deadline: z.number().int(),
      ForceDeadline: Time.nullish(),
      IgnoreSystemJobs: z.boolean(),
      StartedAt: Time,
    })
    .nullish(),
  LastDrain: z
    .object({
      Status: DrainStatus,
      StartedAt: Time,
      Meta: Texts,
    })
    .nullish(),
});

/** A full node, as the domain wants it. */
const NodeReading = Node.transform((node): NomadNode => {
  const { DrainStrategy: drain, LastDrain: last } = node;
  return {
    id: node.ID,
    name: node.Name,
    status: node.Status,
    statusSince: new Date(node.StatusUpdatedAt * 1_000),
    eligible: node.SchedulingEligibility === "eligible",
    drain: drain
      ? {
          deadlineNanoseconds: drain.Deadline,
          forceAt: forceAt(drain.ForceDeadline),
          startedAt: drain.StartedAt,
          ignoreSystemJobs: drain.IgnoreSystemJobs,
        }
      : null,
    lastDrain: last
      ? { status: last.Status, startedAt: last.StartedAt, meta: last.Meta ?? {} }
      : null,
    instanceId: instanceIdOf(node),
    datacenter: node.Datacenter,
    nodePool: node.NodePool,
    version: node.Attributes?.[VERSION_ATTRIBUTE] || null,
    createIndex: node.CreateIndex,
  };
});

/** Reads a node; undefined when Nomad does not know it. */
export async function readNode(http: ApiHttp, id: NomadNodeId): Promise<NomadNode | undefined> {
  const found = await http.read({ method: "GET", path: `/v1/node/${id}` }, NodeReading);
  return found?.value;
}

/** The instance a node says it is on: by its fingerprint, else by what its configuration says. */
export function instanceIdOf(
  node: Pick<z.infer<typeof Node>, "Attributes" | "Meta">,
): string | null {
  return node.Attributes?.[INSTANCE_ID_ATTRIBUTE] || node.Meta?.[INSTANCE_ID_META] || null;
}

/** A drain without a deadline, or a forced one, has Go's zero time, the year 1. */
function forceAt(deadline: Date | null | undefined): Date | null {
  return deadline && deadline.getUTCFullYear() > 1 ? deadline : null;
}
