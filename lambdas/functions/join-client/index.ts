import { joinClient } from "../../domain/join/flow.ts";
import { composeWorker } from "../../runtime/compose.ts";
import { connectJoinClient } from "../../runtime/join-client.ts";
import { queueHandler } from "../../runtime/queue-handler.ts";

/** Lets a new instance in when it works, or has it replaced. Started by the flow's queue. */
export const handler = queueHandler((observability) =>
  composeWorker(joinClient, observability, connectJoinClient),
);
