import type { Context } from "aws-lambda";
import { functionsOf } from "../../lambdas/contracts/config/connections.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { HINTS_TO } from "../../lambdas/contracts/hint.ts";
import { ENVIRONMENT, type FlowName, type FunctionName } from "../../lambdas/contracts/names.ts";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import { healNode } from "../../lambdas/domain/heal/flow.ts";
import { joinClient } from "../../lambdas/domain/join/flow.ts";
import { registerNode } from "../../lambdas/domain/register/flow.ts";
import type { Flow } from "../../lambdas/domain/step.ts";
import { composeWorker } from "../../lambdas/runtime/compose.ts";
import { connectDrainClient } from "../../lambdas/runtime/drain-client.ts";
import { connectHealNode } from "../../lambdas/runtime/heal-node.ts";
import { connectJoinClient } from "../../lambdas/runtime/join-client.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { connectRegisterNode } from "../../lambdas/runtime/register-node.ts";
import { composeRotateTokens } from "../../lambdas/runtime/rotate-tokens.ts";
import { rotateTokensHandler } from "../../lambdas/runtime/rotate-tokens-handler.ts";
import { composeSweep } from "../../lambdas/runtime/sweep.ts";
import { sweepHandler } from "../../lambdas/runtime/sweep-handler.ts";
import type { AwsModel } from "../aws/aws-model.ts";
import { QueuePoller } from "../aws/sqs/queue-poller.ts";
import { createFlowQueues, type FlowQueues } from "../flow-queues.ts";

/** What each function of lambdas/functions is made of that is a flow. */
const FLOWS: Record<FlowName, { flow: Flow; connect: Parameters<typeof composeWorker>[2] }> = {
  "drain-client": { flow: drainClient, connect: connectDrainClient },
  "join-client": { flow: joinClient, connect: connectJoinClient },
  "register-node": { flow: registerNode, connect: connectRegisterNode },
  "heal-node": { flow: healNode, connect: connectHealNode },
};
/** From one look to the next in seconds, as the deployed rules have it. */
const LOOKS = { sweep: 60, rotations: 300 };

/** Drover's functions, each on its queue. */
export interface Functions {
  readonly queues: Queues;
  /** Takes no more messages and waits for those in work. */
  stop(): Promise<void>;
}

/** Of each function; of rotate-tokens if anything is rotated. */
type Queues = Readonly<
  Record<Exclude<FunctionName, "rotate-tokens">, FlowQueues> &
    Partial<Record<"rotate-tokens", FlowQueues>>
>;

/** What all functions are told by their environment. */
export type SharedEnvironment = Readonly<
  Record<(typeof ENVIRONMENT)["configFile" | "table" | "bus"], string>
>;

/**
 * Starts the functions as they are deployed: the same flows, clients and middleware, each with an
 * environment of its own. Lambda's handlers would all read that of this one process.
 * @param config that of the functions.
 * @param looks from one to the next in seconds. @default as deployed
 */
export function startFunctions(
  aws: AwsModel,
  endpoint: string,
  environment: SharedEnvironment,
  config: Pick<Config, "rotate">,
  looks: Partial<typeof LOOKS> = {},
): Functions {
  const started = functionsOf(config).map((name) => start(aws, endpoint, environment, name));
  const queues = Object.fromEntries(started.map(({ name, queues }) => [name, queues])) as Queues;
  const rotation = queues["rotate-tokens"];
  const { eventBridge } = aws;
  const { sweep, rotations } = { ...LOOKS, ...looks };
  const ends = [
    eventBridge.schedule("sweep", sweep, queues.sweep.queue),
    // The first look is due at once: before it, nobody knows what rotations there are.
    rotation && eventBridge.schedule("rotations", rotations, rotation.queue, 0),
  ];
  return {
    queues,
    async stop() {
      for (const end of ends) end?.();
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
  const queues = createFlowQueues(aws, name, environment[ENVIRONMENT.bus]);
  const urlOf = (queue: string) => `${endpoint}/${aws.account}/${queue}`;
  const handler = handlerOf(name, {
    ...environment,
    [ENVIRONMENT.queueUrl]: urlOf(name),
    [ENVIRONMENT.hintQueues]: JSON.stringify(
      Object.fromEntries(HINTS_TO[name].map((flow) => [flow, urlOf(flow)])),
    ),
  });
  const poller = new QueuePoller(queues.queue, (event) => handler(event, {} as Context), {
    region: aws.region,
  });
  return { name, queues, poller };
}

function handlerOf(name: FunctionName, variables: NodeJS.ProcessEnv) {
  if (name === "sweep")
    return sweepHandler((observability) => composeSweep(observability, variables));
  if (name === "rotate-tokens")
    return rotateTokensHandler((observability) => composeRotateTokens(observability, variables));
  const { flow, connect } = FLOWS[name];
  return queueHandler((observability) => composeWorker(flow, observability, connect, variables));
}
