import { allocationStubJson } from "../allocation-json.ts";
import { jobKey } from "../job.ts";
import { jobJson } from "../job-json.ts";
import { JobRegistration } from "../job-registration.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { bodyOf, permissionDenied, readHeaders } from "./replies.ts";

function namespaceOf({ query }: Call): string {
  return query.get("namespace") || "default";
}

/** The ACL is asked about the namespace's name; whether there is such a namespace is not. */
export function readJob(call: Call): Reply {
  const { model, params, token } = call;
  const namespace = namespaceOf(call);
  if (!model.access.may(token, "read-job", namespace)) throw permissionDenied();
  const job = model.state.jobs.get(jobKey({ id: params[0] ?? "", namespace }));
  if (!job) throw new Refusal(404, "job not found", readHeaders(model, model.state.index));
  return { value: jobJson(job), headers: readHeaders(model, job.modifyIndex) };
}

/** Of a job that there is not: an empty list. */
export function readJobAllocations(call: Call): Reply {
  const { model, params, token } = call;
  const namespace = namespaceOf(call);
  if (!model.access.may(token, "read-job", namespace)) throw permissionDenied();
  const all = model.state.ofJob(jobKey({ id: params[0] ?? "", namespace }));
  const value = all.map((allocation) =>
    allocationStubJson(allocation, model.node(allocation.nodeId)?.name ?? ""),
  );
  return { value, headers: readHeaders(model, model.state.index) };
}

export function registerJob(call: Call): Reply {
  const { model, token } = call;
  const body = bodyOf(call);
  if (!body.job) throw new Refusal(400, "Job must be specified");
  const parsed = JobRegistration.safeParse({ Job: body.job });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(400, `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const input = parsed.data.Job;
  if (!model.access.may(token, "submit-job", input.namespace ?? "default")) {
    throw permissionDenied();
  }
  const job = model.registerJob(input);
  return {
    value: {
      EvalCreateIndex: job.modifyIndex,
      EvalID: model.state.newId(),
      JobModifyIndex: job.modifyIndex,
      Warnings: "",
    },
    headers: { "x-nomad-index": `${job.modifyIndex}` },
  };
}

export function stopJob(call: Call): Reply {
  const { model, params, query, token } = call;
  const namespace = namespaceOf(call);
  if (!model.access.may(token, "submit-job", namespace)) throw permissionDenied();
  const id = params[0] ?? "";
  if (query.get("purge") === "true") model.purgeJob(id, namespace);
  else model.stopJob(id, namespace);
  const { index } = model.state;
  return {
    value: { EvalCreateIndex: index, EvalID: model.state.newId(), JobModifyIndex: index },
    headers: { "x-nomad-index": `${index}` },
  };
}
