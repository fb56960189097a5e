import { registerNode } from "../../domain/register/flow.ts";
import { composeWorker } from "../../runtime/compose.ts";
import { queueHandler } from "../../runtime/queue-handler.ts";
import { connectRegisterNode } from "../../runtime/register-node.ts";

/** Keeps Consul's catalog of nodes without an agent as announced. Started by the flow's queue. */
export const handler = queueHandler((observability) =>
  composeWorker(registerNode, observability, connectRegisterNode),
);
