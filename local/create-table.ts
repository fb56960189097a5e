import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { TABLE } from "../lambdas/contracts/table.ts";

/** Makes Drover's table as the CDK app does, as far as an emulator knows it. */
export async function createTable(endpoint: string, name: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint });
  await client.send(new CreateTableCommand(tableInput(name)));
  client.destroy();
}

function tableInput(name: string): CreateTableCommandInput {
  const { partitionKey, sortKey, unfinishedPartitionKey, unfinishedSortKey } = TABLE;
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const names = [partitionKey, sortKey, unfinishedPartitionKey, unfinishedSortKey];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keys(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: TABLE.unfinishedIndex,
        KeySchema: keys(unfinishedPartitionKey, unfinishedSortKey),
        Projection: { ProjectionType: "ALL" },
      },
    ],
  };
}
