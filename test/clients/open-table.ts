import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { onTestFinished } from "vitest";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { createNodeTable } from "../../local/aws/node-table.ts";
import { type ModelClock, RealClock } from "../../local/clock.ts";

/** Drover's table in DynamoDB's own protocol, until the test is finished. */
export async function openTable(clock: ModelClock = new RealClock()) {
  const model = new AwsModel({ clock });
  const face = await startAwsFace(model);
  onTestFinished(() => face.close());
  const client = new DynamoDBClient({ endpoint: face.endpoint, region: model.region });
  const table = "drover-test";
  await createNodeTable(client, table);
  return { model, client, documents: createDocumentClient(client), table };
}

/** Has the SDK repeat each write of an item: its answer gets lost the first time. */
export function loseAnswersOfPuts(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      return context.commandName === "PutItemCommand" ? next(args) : answer;
    },
    { step: "finalizeRequest", priority: "low" },
  );
}
