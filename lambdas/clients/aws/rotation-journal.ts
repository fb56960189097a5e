import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { RotationLine } from "../../contracts/rotation-line.ts";
import { rotationPartition } from "../../contracts/table.ts";
import type { RotationJournal } from "../../domain/rotate/ports.ts";
import { createLineWriter, type JournalOptions } from "./journal-lines.ts";

/** The rotations' journal in DynamoDB; lines expire after the retention. */
export function createRotationJournal(
  client: DynamoDBDocumentClient,
  options: JournalOptions,
): RotationJournal {
  const write = createLineWriter(client, options);
  return {
    write: (lines) =>
      write(
        lines.map((line) => ({
          partition: rotationPartition(line.rotation),
          at: line.at,
          item: z.encode(RotationLine, line),
        })),
      ),
  };
}
