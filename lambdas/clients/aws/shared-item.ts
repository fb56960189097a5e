import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { TABLE } from "../../contracts/table.ts";
import { onlyIfStill } from "./only-if-still.ts";
import { isConditionUnmet, LostRace, untilWon } from "./race.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";

const SYSTEM = "dynamodb";

/** The key of an item of the table. */
export type ItemKey = Readonly<
  Record<(typeof TABLE)["partitionKey"] | (typeof TABLE)["sortKey"], string>
>;

/** What becomes of an item, and what to answer. */
export interface Change<Content, Answer> {
  readonly answer: Answer;
  /** @default the item stays as it is */
  readonly write?: { readonly content: Content; readonly expiresAt: Date };
}

/** Changes an item by what it holds; `decide` is asked again whenever somebody else wrote meanwhile. */
export type ChangeItem<Content> = <Answer>(
  key: ItemKey,
  decide: (
    before: Content | undefined,
  ) => Change<Content, Answer> | Promise<Change<Content, Answer>>,
) => Promise<Answer>;

/** New with every write. A number would begin anew after a delete, and an old one fit again. */
const Revised = z.object({ revision: z.string() });

/**
 * Items that many change at once, each on the grounds of what stands there.
 * @param schema of what they hold beside their key, their revision and their end.
 * @param what to call one in an error.
 */
export function createSharedItems<Schema extends z.ZodObject>(
  client: DynamoDBDocumentClient,
  table: string,
  schema: Schema,
  what: string,
): ChangeItem<z.output<Schema>> {
  async function write(key: ItemKey, { content, expiresAt }: Write<Schema>, revision?: string) {
    const Item = {
      ...z.encode(schema, content),
      ...key,
      revision: randomUUID(),
      [TABLE.expiresAt]: Math.ceil(expiresAt.getTime() / 1_000),
    };
    const command = new PutCommand({
      TableName: table,
      Item,
      ...onlyIfStill("revision", revision),
    });
    await client.send(command).catch((cause: unknown) => {
      throw isConditionUnmet(cause)
        ? new LostRace(`dynamodb:PutItem: ${what} changes too often`, cause)
        : toPortError(SYSTEM, "dynamodb:PutItem", cause);
    });
  }

  async function read(Key: ItemKey) {
    const command = new GetCommand({ TableName: table, Key, ConsistentRead: true });
    return sdkCall(SYSTEM, "dynamodb:GetItem", async () => {
      const { Item } = await client.send(command);
      return Item && { content: schema.parse(Item), ...Revised.parse(Item) };
    });
  }

  return (key, decide) =>
    untilWon(async () => {
      const before = await read(key);
      const { answer, write: after } = await decide(before?.content);
      if (after) await write(key, after, before?.revision);
      return answer;
    });
}

type Write<Schema extends z.ZodObject> = NonNullable<Change<z.output<Schema>, unknown>["write"]>;
