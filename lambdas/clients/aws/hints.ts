import type { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { Hint } from "../../contracts/hint.ts";
import type { Hints } from "../../domain/ports/hints.ts";
import { type HintQueues, queueOf } from "./hint-queues.ts";
import { sendMessages } from "./send-messages.ts";

/** Hints as messages of the flows' SQS queues. */
export function createHints(client: SQSClient, queues: HintQueues): Hints {
  return {
    async send(flow, hints) {
      const queueUrl = queueOf(flow, queues);
      const bodies = hints.map((hint) => JSON.stringify(z.encode(Hint, hint)));
      await sendMessages(client, queueUrl, bodies);
    },
  };
}
