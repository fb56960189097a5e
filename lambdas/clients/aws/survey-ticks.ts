import type { SQSClient } from "@aws-sdk/client-sqs";
import type { FlowTicks } from "../../domain/sweep/ports.ts";
import { type HintQueues, queueOf } from "./hint-queues.ts";
import { sendMessages } from "./send-messages.ts";

/** Ticks as messages of the flows' SQS queues. */
export function createFlowTicks(client: SQSClient, queues: HintQueues): FlowTicks {
  return {
    async resend(flow, ticks) {
      const bodies = ticks.map((tick) => JSON.stringify(tick));
      await sendMessages(client, queueOf(flow, queues), bodies);
    },
  };
}
