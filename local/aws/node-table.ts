import {
  CreateTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { TABLE } from "../../lambdas/contracts/table.ts";

/** Makes Drover's table as the CDK app would. */
export async function createNodeTable(client: DynamoDBClient, table: string): Promise<void> {
  const { partitionKey, sortKey, unfinishedPartitionKey, unfinishedSortKey, overdueSortKey } =
    TABLE;
  const names = [partitionKey, sortKey, unfinishedPartitionKey, unfinishedSortKey, overdueSortKey];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys(partitionKey, sortKey),
      GlobalSecondaryIndexes: [
        {
          IndexName: TABLE.unfinishedIndex,
          KeySchema: keys(unfinishedPartitionKey, unfinishedSortKey),
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
        {
          IndexName: TABLE.overdueIndex,
          KeySchema: keys(unfinishedPartitionKey, overdueSortKey),
          Projection: {
            ProjectionType: "INCLUDE",
            NonKeyAttributes: [...TABLE.overdueAttributes],
          },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: table });
}

function keys(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
}
