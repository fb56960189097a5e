import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { SecretsManagerStep } from "../contracts/events/secrets-manager-step.ts";
import { describeIssues, UnparsableMessage } from "../contracts/message.ts";
import { METRICS } from "../contracts/names.ts";
import type { Rotator } from "../domain/rotate/rotator.ts";
import { doStep } from "../domain/rotate/secrets-manager-step.ts";
import { workOnMessage } from "../domain/rotate/work-on-message.ts";
import { madeOnce } from "./made-once.ts";
import { messageHandler } from "./message-handler.ts";
import { type Observability, observe } from "./observability.ts";

/** The function of a queue that Secrets Manager calls as well. */
export type RotateTokensHandler = (
  event: unknown,
  context: Context,
) => Promise<SQSBatchResponse | undefined>;

/**
 * Wraps what rotates as the handler of its two doors: messages of its queue, and the steps of Secrets Manager.
 * @param compose makes it, at the first event; it is tried again if it fails.
 */
export function rotateTokensHandler(
  compose: (observability: Observability) => Rotator | Promise<Rotator>,
): RotateTokensHandler {
  const observability = observe();
  const rotator = madeOnce(() => compose(observability));
  const onQueue = messageHandler(observability, async ({ message }) =>
    workOnMessage(message, await rotator()),
  );
  const onStep = stepHandler(observability, async (step) => doStep(step, await rotator()));
  return async (event, context) =>
    isBatch(event) ? onQueue(event, context) : onStep(event, context);
}

function stepHandler(
  { logger, metrics, powertoolsMetrics }: Observability,
  work: (step: SecretsManagerStep) => Promise<void>,
) {
  const handler = async (event: unknown): Promise<undefined> => {
    metrics.count(METRICS.message);
    const parsed = SecretsManagerStep.safeParse(event);
    if (!parsed.success) {
      metrics.count(METRICS.unparsable);
      const text = `neither a batch of SQS nor a step of Secrets Manager: ${describeIssues(parsed.error)}`;
      logger.error("event can't be parsed", { reason: text });
      throw new UnparsableMessage(text);
    }
    const { Step, SecretId, ClientRequestToken } = parsed.data;
    try {
      await work(parsed.data);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const which = { step: Step, secret: SecretId, version: ClientRequestToken };
      logger.error("step failed", { ...which, reason, error });
      throw error;
    }
  };
  return middy<unknown, undefined>()
    .use(injectLambdaContext(logger))
    .use(logMetrics(powertoolsMetrics))
    .handler(handler) as (event: unknown, context: Context) => Promise<undefined>;
}

function isBatch(event: unknown): event is SQSEvent {
  return typeof event === "object" && event !== null && "Records" in event;
}
