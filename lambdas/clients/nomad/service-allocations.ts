import * as z from "zod";
import { NomadNodeId } from "../../contracts/ids.ts";
import type { RunningAllocation, SmokeJob } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { ClientStatus, DesiredStatus } from "./allocation-reading.ts";

/** The fields of `GET /v1/job/:id/allocations` that are read. */
const Stubs = z.array(
  z.object({
    NodeID: NomadNodeId,
    TaskGroup: z.string(),
    ClientStatus,
    DesiredStatus,
    /** Null or without `Healthy` where nobody judges it, or not yet. */
    DeploymentStatus: z.object({ Healthy: z.boolean().nullish() }).nullish(),
  }),
);

/**
 * The allocations of a job that run and are meant to. To a token without `read-job` in the
 * namespace it is a 403, unlike a node's list.
 */
export async function serviceAllocations(
  http: ApiHttp,
  { id, namespace }: Pick<SmokeJob, "id" | "namespace">,
): Promise<RunningAllocation[]> {
  const path = `/v1/job/${encodeURIComponent(id)}/allocations`;
  const found = await http.read({ method: "GET", path, query: { namespace } }, Stubs);
  const running = (found?.value ?? []).filter(
    (each) => each.ClientStatus === "running" && each.DesiredStatus === "run",
  );
  return running.map((each) => ({
    nodeId: each.NodeID,
    group: each.TaskGroup,
    healthy: each.DeploymentStatus?.Healthy !== false,
  }));
}
