import * as z from "zod";
import { type Call, Refusal, type Reply } from "./call.ts";
import { bodyOf, lowerKeys, nodeToWrite, permissionDenied, written } from "./replies.ts";

export function setEligibility(call: Call): Reply {
  const { model, params, token } = call;
  const body = bodyOf(call);
  if (!model.access.mayWriteNodes(token)) throw permissionDenied();
  const word = String(body.eligibility ?? "");
  if (word !== "eligible" && word !== "ineligible") {
    throw new Refusal(500, `invalid scheduling eligibility "${word}"`);
  }
  // A node id in the body goes before the one in the path.
  const node = nodeToWrite(model, String(body.nodeid || params[0]));
  if (node.drain && word === "eligible") {
    throw new Refusal(
      500,
      "can not set node's scheduling eligibility to eligible while it is draining",
    );
  }
  const changed = model.writes.setEligibility(node, word === "eligible");
  return written(changed ? node.modifyIndex : 0, { NodeModifyIndex: 0 });
}

const Spec = z.preprocess(
  (value) => (typeof value === "object" && value !== null ? lowerKeys(value) : value),
  z.object({
    deadline: z.number().int().default(0),
    ignoresystemjobs: z.boolean().default(false),
  }),
);
const Meta = z.record(z.string(), z.string()).nullish();

/** Without a DrainSpec, or with a misspelt one, the drain is cancelled: unknown keys are ignored. */
export function drainNode(call: Call): Reply {
  const { model, params, token } = call;
  const body = bodyOf(call);
  const spec = body.drainspec == null ? null : Spec.safeParse(body.drainspec);
  const meta = Meta.safeParse(body.meta);
  if (spec?.success === false || !meta.success) {
    throw new Refusal(
      400,
      "json: cannot unmarshal string into Go struct field DrainSpec.DrainSpec.Deadline of type time.Duration",
    );
  }
  if (!model.access.mayWriteNodes(token)) throw permissionDenied();
  const node = nodeToWrite(model, params[0] ?? "");
  model.writes.drain(
    node,
    spec && {
      deadlineNanoseconds: spec.data.deadline,
      ignoreSystemJobs: spec.data.ignoresystemjobs,
    },
    {
      markEligible: body.markeligible === true,
      meta: meta.data ?? null,
      accessorId: token?.accessorId ?? "",
    },
  );
  return written(node.modifyIndex);
}

export function purgeNode({ model, params, token }: Call): Reply {
  if (!model.access.mayWriteNodes(token)) throw permissionDenied();
  model.purge(nodeToWrite(model, params[0] ?? ""));
  return written(model.state.index);
}
