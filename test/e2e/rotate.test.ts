import { randomUUID } from "node:crypto";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { READABLE_PATH, ROTATED_TOKEN_ROLE } from "../../local/vault/rotation-setup.ts";
import { vaultOperator } from "../helpers/real-openbao/operator.ts";
import { NAME } from "./machinery/configuration.ts";
import { readSettings } from "./settings.ts";
import { drover } from "./world/drover-cli.ts";
import { GRACE_SECONDS, ROTATED_PARAMETER, ROTATED_SECRET, ROTATION } from "./world/names.ts";
import { messagesLeft } from "./world/queues.ts";
import { expectUnwritten, rotationRecord } from "./world/rotations.ts";
import { putSecret, secretText } from "./world/secrets.ts";
import { bao } from "./world/server-cli.ts";
import {
  openBaoStatus,
  startTokenConsumer,
  type TokenConsumer,
  tokenIn,
} from "./world/token-consumer.ts";
import { startWorld, type World } from "./world/world.ts";

const ATTEMPT = randomUUID();
const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"];
const CREATE_PATH = `auth/token/create/${ROTATED_TOKEN_ROLE}`;
/** From the last step until the former one is dead: ticks, looks whether the new one is used, and the grace. */
const REVOKED_WITHIN_SECONDS = 60 + GRACE_SECONDS;

const Minted = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });
const Stored = z.object({ token: z.string(), accessor: z.string() });
const Accessors = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const LookedUp = z.object({ data: z.object({ path: z.string() }) });

let world: World;
let consumer: TokenConsumer;
let former: z.output<typeof Minted>["auth"];

beforeAll(async () => {
  world = await startWorld({ instances: [], relaysEvents: false });
  former = Minted.parse(await operate("POST", CREATE_PATH, {})).auth;
  await putSecret(ROTATED_SECRET, former.client_token);
  consumer = startTokenConsumer(ROTATED_SECRET);
});

afterAll(async () => {
  await consumer?.stop();
  await world?.stop();
});

it("has Secrets Manager's four steps, each twice, make another token current that works", async () => {
  for (const Step of STEPS) {
    expect(await secretText(ROTATED_SECRET), Step).toBe(former.client_token);
    // A step that comes twice is done once.
    for (const _time of ["once", "again"]) expect(await invoke(Step)).toBe("null");
  }
  const { token, accessor } = await stored();
  expect(token).not.toBe(former.client_token);
  expect(await openBaoStatus(token, "GET", READABLE_PATH)).toBe(200);
  expect(await openBaoStatus(former.client_token, "GET", READABLE_PATH)).toBe(200);
  expect((await accessorsOfRole()).sort()).toEqual([former.accessor, accessor].sort());
  const described = await new SecretsManagerClient({}).send(
    new DescribeSecretCommand({ SecretId: ROTATED_SECRET }),
  );
  expect(described.VersionIdsToStages?.[ATTEMPT]).toEqual(["AWSCURRENT"]);
  const parameter = await new SSMClient({
    endpoint: `http://127.0.0.1:${readSettings().systemsManagerPort}`,
  }).send(new GetParameterCommand({ Name: ROTATED_PARAMETER, WithDecryption: true }));
  expect(parameter.Parameter?.Value).toBe(await secretText(ROTATED_SECRET));
});

it("revokes the former one when its consumer uses the new one, and the consumer is never refused", async () => {
  await expect
    .poll(async () => (await bao("token", "lookup", former.client_token)).stderr, {
      timeout: REVOKED_WITHIN_SECONDS * 1_000,
      interval: 1_000,
    })
    .toMatch(/Code: 403.*bad token/s);
  expect(await openBaoStatus(former.client_token, "GET", READABLE_PATH)).toBe(403);
  const { token } = await stored();
  expect(await bao("token", "lookup", token)).toMatchObject({ code: 0 });
  expect(await openBaoStatus(token, "GET", READABLE_PATH)).toBe(200);

  const { code, stdout } = await drover(["history", ROTATION, "--follow"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /its consumer uses the new one.*revoked \S+.*is dead.*rotated: \S+ is in use/s,
  );
  const usesBefore = consumer.uses();
  await expect.poll(() => consumer.uses(), { timeout: 10_000 }).toBeGreaterThan(usesBefore + 1);
  expect(consumer.refusals).toEqual([]);
  expect(consumer.uses()).toBeGreaterThan(GRACE_SECONDS);
});

it("leaves no accessor that its record does not have", async () => {
  const record = await rotationRecord(ROTATION);
  expect(record).toMatchObject({
    last: { attempt: ATTEMPT, outcome: "rotated" },
    current: { version: ATTEMPT, accessor: (await stored()).accessor },
  });
  expect(record?.attempt).toBeUndefined();
  expect(await accessorsOfRole()).toEqual([record?.current?.accessor]);
  // Ticks that are superseded are in its queue still: for the case that a step had not been asked for.
  expect(await messagesLeft("rotate-tokens")).toMatchObject({ deadLetters: 0 });
});

it("writes no value into the functions' logs, the history or the table", async () => {
  const { rotate, drover: others } = readSettings().openBao;
  const secrets = [former.client_token, (await stored()).token, rotate.secretId, others.secretId];
  await expectUnwritten(ROTATION, secrets);
});

it("rehearses it for an operator, and changes nothing", async () => {
  const before = await secretText(ROTATED_SECRET);
  const { code, stdout } = await drover(["rotate", ROTATION, "--dry-run", "--follow"]);
  expect(code).toBe(0);
  expect(stdout).toContain("? would have made a new one, tested it and made it current");
  expect(await secretText(ROTATED_SECRET)).toBe(before);
  expect(await accessorsOfRole()).toEqual([(await stored()).accessor]);
});

async function stored(): Promise<z.output<typeof Stored>> {
  const text = await secretText(ROTATED_SECRET);
  expect(tokenIn(text)).not.toBe(text);
  return Stored.parse(JSON.parse(text));
}

/** Calls the deployed function as Secrets Manager does. @returns what it answers. */
async function invoke(Step: string): Promise<string> {
  const SecretId = `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${ROTATED_SECRET}-AbCdEf`;
  const path = `/2015-03-31/functions/${NAME}-rotate-tokens/invocations`;
  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}${path}`, {
    method: "POST",
    body: JSON.stringify({ Step, SecretId, ClientRequestToken: ATTEMPT }),
  });
  const text = await answer.text();
  const failed = answer.headers.get("x-amz-function-error");
  return failed ? `${failed}: ${text}` : text;
}

function operate(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
  return vaultOperator(readSettings().openBao, method, path, body);
}

/** The accessors of all tokens that live and that the role has made, for whomever. */
async function accessorsOfRole(): Promise<string[]> {
  const { data } = Accessors.parse(await operate("GET", "auth/token/accessors/?list=true"));
  const found: string[] = [];
  for (const accessor of data.keys) {
    const looked = await operate("POST", "auth/token/lookup-accessor", { accessor });
    if (LookedUp.parse(looked).data.path === CREATE_PATH) found.push(accessor);
  }
  return found;
}
