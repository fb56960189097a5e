import type { NomadNodeId } from "../../contracts/ids.ts";
import type { JobBody } from "./job-reading.ts";

/** Belongs to the smoke job itself, or says what servers have made of it. */
const NOT_COPIED = [
  "CreateIndex",
  "DispatchIdempotencyToken",
  "Dispatched",
  "JobModifyIndex",
  "ModifyIndex",
  "Multiregion",
  "NomadTokenID",
  "ParameterizedJob",
  "ParentID",
  "Payload",
  "Periodic",
  "Stable",
  "Status",
  "StatusDescription",
  "Stop",
  "SubmitTime",
  "Version",
  "VersionTag",
];

/**
 * A plain batch job that does what a parameterised or sysbatch one does, once and on one node alone.
 * Unlike sysbatch it waits for a node that is not eligible yet. A failure is not tried again later:
 * it is the answer. Restarts of its tasks in place stay as the job has them.
 */
export function smokeRunOf(jobId: string, job: JobBody, node: NomadNodeId) {
  const id = `${jobId}/drover-${node}`;
  const onNode = { LTarget: `\${node.unique.id}`, RTarget: node, Operand: "=" };
  return {
    ...Object.fromEntries(Object.entries(job).filter(([field]) => !NOT_COPIED.includes(field))),
    ID: id,
    Name: id,
    Type: "batch",
    Constraints: [...(job.Constraints ?? []), onNode],
    TaskGroups: job.TaskGroups?.map((group) => ({
      ...group,
      Count: 1,
      ReschedulePolicy: { Attempts: 0, Unlimited: false },
    })),
  };
}
