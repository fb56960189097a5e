import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import * as z from "zod";
import { RotationItem } from "../../../lambdas/contracts/rotation-item.ts";
import { sampleEvent } from "../../helpers/events.ts";
import { NAME } from "../machinery/configuration.ts";
import { REPOSITORY } from "../machinery/environment.ts";
import { readSettings } from "../settings.ts";
import { drover } from "./drover-cli.ts";

/** MiniStack's own, in which all functions write. */
const FUNCTIONS_LOG = join(REPOSITORY, ".drover/e2e-logs/ministack.log");

/** Has rotate-tokens look at all rotations, as the rule does that comes each five minutes. */
export async function lookAtRotations(): Promise<void> {
  const { queueUrl: QueueUrl } = readSettings().queues["rotate-tokens"];
  const MessageBody = JSON.stringify(sampleEvent("scheduled-event"));
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

/** The record of a rotation, as an operator sees it. */
export async function rotationRecord(name: string): Promise<RotationItem | undefined> {
  const { code, stdout, stderr } = await drover(["rotations", "--json"]);
  if (code !== 0) throw new Error(stderr);
  // Encoded by JSON, as the table has it.
  const rows = z.array(z.looseObject({ name: z.string() })).parse(JSON.parse(stdout));
  // The others are other rotations, and what is only watched.
  const found = rows.find((row) => row.name === name);
  return found && RotationItem.parse(found);
}

/** Expects that secrets are in nothing that Drover has written: logs, histories, the table. */
export async function expectUnwritten(rotation: string, secrets: readonly string[]): Promise<void> {
  const log = await readFile(FUNCTIONS_LOG, "utf8");
  expect(log).toContain(`${NAME}-rotate-tokens`);
  const { stdout: history } = await drover(["history", rotation]);
  expect(history).toContain("rotated: ");
  const table = await tableText();
  expect(table).toContain(rotation);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(8);
    for (const [where, text] of Object.entries({ log, history, table })) {
      expect(text.includes(secret), `the ${where} has a secret of ${rotation}`).toBe(false);
    }
  }
}

/** Everything that Drover's table holds. */
async function tableText(): Promise<string> {
  const items: unknown[] = [];
  const scan = { TableName: readSettings().table };
  for await (const { Items = [] } of paginateScan({ client: new DynamoDBClient({}) }, scan)) {
    items.push(...Items);
  }
  return JSON.stringify(items);
}
