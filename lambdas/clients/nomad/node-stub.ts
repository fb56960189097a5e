import * as z from "zod";
import { NomadNodeId } from "../../contracts/ids.ts";
import type { LastDrain, PooledNode } from "../../domain/ports/nomad.ts";
import { DrainStatus, NodeStatus, SchedulingEligibility } from "./node-reading.ts";

/** A node as far as a list tells: not on which instance it runs. */
export interface ListedNode extends PooledNode {
  /** Its HTTP address, without the port. */
  readonly address: string;
  readonly nodePool: string;
  readonly lastDrain: Pick<LastDrain, "status" | "meta"> | null;
}

/** The fields of `GET /v1/nodes` that are read of each node. */
export const NodeStub = z
  .object({
    ID: NomadNodeId,
    Name: z.string(),
    Status: NodeStatus,
    SchedulingEligibility,
    Drain: z.boolean(),
    Address: z.string(),
    NodePool: z.string().default("default"),
    LastDrain: z
      .object({ Status: DrainStatus, Meta: z.record(z.string(), z.string()).nullish() })
      .nullish(),
  })
  .transform(
    (stub): ListedNode => ({
      id: stub.ID,
      name: stub.Name,
      status: stub.Status,
      eligible: stub.SchedulingEligibility === "eligible",
      draining: stub.Drain,
      drained: stub.SchedulingEligibility === "ineligible" && stub.LastDrain?.Status === "complete",
      address: stub.Address,
      nodePool: stub.NodePool,
      lastDrain: stub.LastDrain
        ? { status: stub.LastDrain.Status, meta: stub.LastDrain.Meta ?? {} }
        : null,
    }),
  );
