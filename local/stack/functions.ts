import type { Context } from "aws-lambda";
import { ENVIRONMENT, FUNCTION_NAMES, type FunctionName } from "../../lambdas/contracts/names.ts";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import { joinClient } from "../../lambdas/domain/join/flow.ts";
import { registerNode } from "../../lambdas/domain/register/flow.ts";
import type { Flow } from "../../lambdas/domain/step.ts";
import { composeWorker } from "../../lambdas/runtime/compose.ts";
import { connectDrainClient } from "../../lambdas/runtime/drain-client.ts";
import { connectJoinClient } from "../../lambdas/runtime/join-client.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { connectRegisterNode } from "../../lambdas/runtime/register-node.ts";
import type { AwsModel } from "../aws/aws-model.ts";
import { QueuePoller } from "../aws/sqs/queue-poller.ts";
import { createFlowQueues, type FlowQueues } from "../flow-queues.ts";

/** What each function of lambdas/functions is made of. */
const PARTS: Record<FunctionName, { flow: Flow; connect: Parameters<typeof composeWorker>[2] }> = {
  "drain-client": { flow: drainClient, connect: connectDrainClient },
  "join-client": { flow: joinClient, connect: connectJoinClient },
  "register-node": { flow: registerNode, connect: connectRegisterNode },
};

/** Drover's functions, each on its queue. */
export interface Functions {
  readonly queues: Readonly<Record<FunctionName, FlowQueues>>;
  /** Takes no more messages and waits for those in work. */
  stop(): Promise<void>;
}

/** What all functions are told by their environment. */
export type SharedEnvironment = Readonly<
  Record<(typeof ENVIRONMENT)["configFile" | "table" | "bus"], string>
>;

/**
 * Starts the functions as they are deployed: the same flows, clients and middleware, each with an
 * environment of its own. Lambda's handlers would all read that of this one process.
 */
export function startFunctions(
  aws: AwsModel,
  endpoint: string,
  environment: SharedEnvironment,
): Functions {
  const started = FUNCTION_NAMES.map((name) => start(aws, endpoint, environment, name));
  return {
    queues: Object.fromEntries(started.map(({ name, queues }) => [name, queues])) as Record<
      FunctionName,
      FlowQueues
    >,
    async stop() {
      await Promise.all(started.map(({ poller }) => poller.stop()));
    },
  };
}

function start(
  aws: AwsModel,
  endpoint: string,
  environment: SharedEnvironment,
  name: FunctionName,
) {
  const { flow, connect } = PARTS[name];
  const queues = createFlowQueues(aws, name, environment[ENVIRONMENT.bus]);
  const own = {
    ...environment,
    [ENVIRONMENT.queueUrl]: `${endpoint}/${aws.account}/${queues.queue.name}`,
  };
  const handler = queueHandler((observability) => composeWorker(flow, observability, connect, own));
  const poller = new QueuePoller(queues.queue, (event) => handler(event, {} as Context), {
    region: aws.region,
  });
  return { name, queues, poller };
}
