import { healNode } from "../../domain/heal/flow.ts";
import { composeWorker } from "../../runtime/compose.ts";
import { connectHealNode } from "../../runtime/heal-node.ts";
import { queueHandler } from "../../runtime/queue-handler.ts";

/** Heals a node that is not well, or has it replaced. Started by the flow's queue. */
export const handler = queueHandler((observability) =>
  composeWorker(healNode, observability, connectHealNode),
);
