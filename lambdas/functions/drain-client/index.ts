import { drainClient } from "../../domain/drain/flow.ts";
import { composeWorker } from "../../runtime/compose.ts";
import { connectDrainClient } from "../../runtime/drain-client.ts";
import { queueHandler } from "../../runtime/queue-handler.ts";

/** Drains the Nomad client of an instance that has to go. Started by the flow's queue. */
export const handler = queueHandler((observability) =>
  composeWorker(drainClient, observability, connectDrainClient),
);
