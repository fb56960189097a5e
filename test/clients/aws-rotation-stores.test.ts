import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { createRotationJournal } from "../../lambdas/clients/aws/rotation-journal.ts";
import { createRotations } from "../../lambdas/clients/aws/rotations.ts";
import { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import { TickId } from "../../lambdas/contracts/ids.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import { RotationLine } from "../../lambdas/contracts/rotation-line.ts";
import { JOURNAL_SORT_KEY_PREFIX, rotationPartition } from "../../lambdas/contracts/table.ts";
import { newRecord, type RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import { MemoryRotationJournal, MemoryRotations } from "../../local/memory/memory-rotations.ts";
import { loseAnswersOfPuts, openTable } from "./open-table.ts";

const NAME = RotationName.parse("vault-token");
const OTHER = RotationName.parse("consul-token");
const START = new Date("2026-01-01T00:00:00.000Z");
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

/** A record with every field there is. */
const FULL: RotationRecord = {
  ...newRecord(NAME, "vault-token"),
  lease: { owner: "me", until: at(60) },
  tick: { id: TickId.parse("tick-1"), at: at(5) },
  current: { version: "v2", accessor: "a2", createdAt: at(1), expiresAt: at(9_000) },
  attempt: {
    id: AttemptId.parse("10000000-0000-4000-8000-000000000001"),
    startedAt: START,
    by: "operator",
    of: { kind: "vault-token", secret: "nomad/vault-token", place: "Drover's own Vault" },
    upTo: "test",
    mints: 2,
    minted: { version: "v2", accessor: "a2", createdAt: at(1) },
    tests: { begunAt: at(1), brokeOffAt: at(0) },
    formerIssuer: "",
    testedAt: at(2),
    before: { version: "v1", accessor: "a1" },
    promotedAt: at(3),
    told: [
      {
        consumers: "reload",
        nodeId: "i-0123456789abcdef0",
        commandId: "command-1",
        result: "failed",
        output: "why",
      },
      { consumers: "agents", nodeId: "i-0fedcba9876543210" },
    ],
    verifiedAt: at(4),
    takenBack: { at: at(5), why: "nobody could use it" },
    restoredAt: at(6),
  },
  waiting: { step: "grace", since: at(4), why: "the one before lives on" },
  last: {
    attempt: AttemptId.parse("10000000-0000-4000-8000-000000000002"),
    at: at(-9_000),
    outcome: "rotated",
    why: "it is in use",
  },
  failures: { last: AttemptId.parse("10000000-0000-4000-8000-000000000000"), times: 2 },
  rotatedAt: at(-9_000),
};

function inMemory() {
  const journal = new MemoryRotationJournal();
  return {
    rotations: new MemoryRotations(),
    journal,
    read: async (name: RotationName) => journal.of(name),
  };
}

async function inDynamoDb() {
  const { client, documents, table } = await openTable();
  const items = async (name: RotationName) => {
    const { Items = [] } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: {
          ":pk": rotationPartition(name),
          ":sk": JOURNAL_SORT_KEY_PREFIX,
        },
      }),
    );
    return Items;
  };
  return {
    client,
    items,
    rotations: createRotations(documents, table),
    journal: createRotationJournal(documents, { table, retentionDays: 30, writerId: "w1" }),
    read: async (name: RotationName) => (await items(name)).map((item) => RotationLine.parse(item)),
  };
}

const line = (second: number, text: string, rotation = NAME): RotationLine => ({
  rotation,
  at: at(second),
  step: "mint",
  kind: "did",
  text,
});

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("rotations in %s", (_, open) => {
  it("come back as they were put, one version higher", async () => {
    const { rotations } = await open();
    expect(await rotations.get(NAME)).toBeUndefined();
    expect(await rotations.put(FULL)).toEqual({ ...FULL, version: 1 });
    expect(await rotations.get(NAME)).toEqual({ ...FULL, version: 1 });
    expect(await rotations.get(OTHER)).toBeUndefined();
  });

  it("are found by an attempt under way, and not without one", async () => {
    const { rotations } = await open();
    await rotations.put(newRecord(OTHER, "consul-token"));
    expect(await rotations.underWay()).toEqual([]);
    const stored = await rotations.put(FULL);
    expect(await rotations.underWay()).toEqual([stored]);
  });

  it("let one of two writers of the same version win, the first write too", async () => {
    const { rotations } = await open();
    const first = newRecord(NAME, "vault-token");
    const made = await Promise.all([
      rotations.put({ ...first, lease: { owner: "me", until: at(60) } }),
      rotations.put({ ...first, lease: { owner: "you", until: at(60) } }),
    ]);
    expect(made.filter(Boolean)).toHaveLength(1);
    const stored = await rotations.get(NAME);
    if (!stored) throw new Error("nothing is stored");
    const both = await Promise.all([
      rotations.put({ ...stored, rotatedAt: at(1) }),
      rotations.put({ ...stored, rotatedAt: at(2) }),
    ]);
    const won = both.filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(await rotations.get(NAME)).toEqual(won[0]);
    expect(
      await rotations.put({ ...newRecord(OTHER, "consul-token"), version: 3 }),
    ).toBeUndefined();
  });

  it("have a journal each, in the order of time and of writing", async () => {
    const { journal, read } = await open();
    await journal.write([line(1, "a"), line(1, "b"), line(1, "not mine", OTHER)]);
    await journal.write([line(1, "c"), line(2, "d")]);
    expect((await read(NAME)).map(({ text }) => text).join("")).toBe("abcd");
    expect(await read(OTHER)).toEqual([line(1, "not mine", OTHER)]);
  });
});

describe("rotations in DynamoDB", () => {
  it("count a write as done whose answer was lost", async () => {
    const { client, rotations } = await inDynamoDb();
    loseAnswersOfPuts(client);
    expect(await rotations.put(FULL)).toEqual({ ...FULL, version: 1 });
    expect(await rotations.put({ ...FULL, rotatedAt: at(1) })).toBeUndefined();
  });

  it("have lines that expire, although they themselves do not", async () => {
    const { journal, items } = await inDynamoDb();
    await journal.write([line(0, "a")]);
    const [item] = await items(NAME);
    expect(item?.expiresAt).toBe(START.getTime() / 1_000 + 30 * 86_400);
  });
});
