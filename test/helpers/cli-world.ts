import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { createRotationJournal } from "../../lambdas/clients/aws/rotation-journal.ts";
import { createRotations } from "../../lambdas/clients/aws/rotations.ts";
import { createWatchRecord } from "../../lambdas/clients/aws/watch-record.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { NodeItem } from "../../lambdas/contracts/node-item.ts";
import { NODE_RECORD_SORT_KEY, nodePartition, TABLE } from "../../lambdas/contracts/table.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { createNodeTable } from "../../local/aws/node-table.ts";
import { RealClock } from "../../local/clock.ts";
import { ModelCluster } from "../../local/model-cluster.ts";
import { startNomadFace } from "../../local/nomad/face/server.ts";

const TABLE_NAME = "drover-test";

/** A cluster in this process whose HTTP faces the CLI can be pointed at, without Drover at work. */
export async function startCliWorld(settings: ConstructorParameters<typeof ModelCluster>[1] = {}) {
  const cluster = new ModelCluster(new RealClock(), settings);
  const aws = await startAwsFace(cluster.aws);
  const nomad = await startNomadFace(cluster.nomad);
  const client = new DynamoDBClient({ endpoint: aws.endpoint });
  await createNodeTable(client, TABLE_NAME);
  const documents = DynamoDBDocumentClient.from(client);
  return {
    cluster,
    environment: {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: cluster.aws.region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      [ENVIRONMENT.table]: TABLE_NAME,
      NOMAD_ADDR: nomad.address,
      NOMAD_TOKEN: cluster.nomad.createToken({ node: "read" }),
      CONSUL_HTTP_ADDR: undefined,
    } as Record<string, string | undefined>,
    /** Puts a record into the table, as the functions do. */
    async remember(record: NodeItem): Promise<void> {
      const Item = {
        [TABLE.partitionKey]: nodePartition(record.nodeId),
        [TABLE.sortKey]: NODE_RECORD_SORT_KEY,
        ...z.encode(NodeItem, record),
      };
      await documents.send(new PutCommand({ TableName: TABLE_NAME, Item }));
    },
    /** Where rotate-tokens keeps what it knows. */
    rotations: createRotations(documents, TABLE_NAME),
    watch: createWatchRecord(documents, TABLE_NAME),
    rotationJournal: createRotationJournal(documents, {
      table: TABLE_NAME,
      retentionDays: 30,
      writerId: "test",
    }),
    async stop(): Promise<void> {
      await aws.close();
      await nomad.close();
    },
  };
}
export type CliWorld = Awaited<ReturnType<typeof startCliWorld>>;
