import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createCommands } from "../../../lambdas/clients/aws/commands.ts";
import {
  createIntroductions,
  type IntroductionsConfig,
  type IntroductionsOptions,
} from "../../../lambdas/clients/aws/introductions.ts";
import { createOutcomes } from "../../../lambdas/clients/aws/outcomes.ts";
import type { WhenToSend } from "../../../lambdas/clients/aws/soon.ts";
import type { Commands } from "../../../lambdas/domain/ports/commands.ts";
import type { Introductions } from "../../../lambdas/domain/ports/introductions.ts";
import type { Outcomes } from "../../../lambdas/domain/ports/outcomes.ts";
import type { AwsModel } from "../aws-model.ts";
import { inProcessClient } from "../http/in-process.ts";

// Ports that are Drover's real clients over the model's own answers.

/** Gathering for some real milliseconds is worth nothing where a call costs none. */
const whenToSend: WhenToSend = (send) => queueMicrotask(send);

/** Parameter Store's port. Account and region are the model's. */
export function modelIntroductionsPort(
  model: AwsModel,
  config: Omit<IntroductionsConfig, "account" | "region">,
  { warn, turn }: Pick<IntroductionsOptions, "warn" | "turn"> = {},
): Introductions {
  const { account, region, clock } = model;
  const client = new SSMClient(inProcessClient(model));
  const options = { whenToSend, ...(warn && { warn }), ...(turn && { turn }) };
  return createIntroductions(client, { ...config, account, region }, clock, options);
}

/** Systems Manager's port, for a deployment that has its own document. */
export function modelCommandsPort(model: AwsModel, deployment: string): Commands {
  return createCommands(new SSMClient(inProcessClient(model)), deployment, whenToSend);
}

/** The port of a bus of EventBridge. */
export function modelOutcomesPort(model: AwsModel, bus: string): Outcomes {
  return createOutcomes(new EventBridgeClient(inProcessClient(model)), bus);
}
