import type { NomadNodeId } from "../../contracts/ids.ts";
import type { SmokeJob } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { JobReading } from "./job-reading.ts";
import { smokeRunOf } from "./smoke-run.ts";

/**
 * Has smoke jobs run, and ends the runs. Dispatching a parameterised job can't say on which node, and
 * since hashicorp/nomad#23858 a sysbatch job does not come to nodes that are newer than itself; so a
 * run is a job of its own. Its id follows from the node's: asked twice, there is one run.
 */
export function createSmokeJobs(http: ApiHttp) {
  async function smokeRun(job: SmokeJob, id: NomadNodeId): Promise<string | undefined> {
    const query = { namespace: job.namespace };
    const path = `/v1/job/${encodeURIComponent(job.id)}`;
    const found = await http.read({ method: "GET", path, query }, JobReading);
    if (!found || found.value.Stop) return undefined;
    if (!found.value.ParameterizedJob && found.value.Type !== "sysbatch") return undefined;
    const run = smokeRunOf(job.id, found.value, id);
    await http.send({
      method: "POST",
      path: "/v1/jobs",
      query,
      body: { Job: run },
      repeatable: true,
    });
    return run.ID;
  }

  /** Nomad answers the same whether there was such a job or not. */
  async function endSmokeRun(job: SmokeJob, run: string): Promise<void> {
    const path = `/v1/job/${encodeURIComponent(run)}`;
    const query = { namespace: job.namespace, purge: "true" };
    await http.send({ method: "DELETE", path, query, repeatable: true });
  }

  return { smokeRun, endSmokeRun };
}
