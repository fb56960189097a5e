import type { Ticks } from "../../../lambdas/domain/ports/ticks.ts";
import type { AwsModel } from "../aws-model.ts";
import type { Queue } from "../sqs/queue.ts";
import { asPortCall } from "./port-call.ts";

/** The ticks of a flow, sent to a queue of the model. */
export function modelTicks(model: AwsModel, queue: Queue): Ticks {
  return {
    send: (tick, afterSeconds) =>
      asPortCall(model, "sqs", "sqs:SendMessage", () => {
        const delay = Math.min(900, Math.max(0, Math.ceil(afterSeconds)));
        queue.send(JSON.stringify(tick), delay);
      }),
  };
}
