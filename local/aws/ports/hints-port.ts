import * as z from "zod";
import { HINTS_TO, Hint } from "../../../lambdas/contracts/hint.ts";
import type { FunctionName } from "../../../lambdas/contracts/names.ts";
import type { Hints } from "../../../lambdas/domain/ports/hints.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { asPortCall } from "./port-call.ts";

/**
 * The hints of a function, sent to queues of the model that bear the flows' names; denied, as by its
 * role, for flows to which it sends none.
 */
export function modelHints(model: AwsModel, from: FunctionName): Hints {
  return {
    send: (flow, hints) =>
      asPortCall(model, "sqs", "sqs:SendMessage", () => {
        if (!HINTS_TO[from].includes(flow)) {
          throw new AwsError("AccessDenied", `${from} may not send to the queue of ${flow}`);
        }
        const queue = model.sqs.queue(flow);
        for (const hint of hints) queue.send(JSON.stringify(z.encode(Hint, hint)));
      }),
  };
}
