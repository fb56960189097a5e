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
import { putSecret, secretText } from "./world/secrets.ts";
import { startWorld, type World } from "./world/world.ts";

const ATTEMPT = randomUUID();
const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"];
const Minted = z.object({ auth: z.object({ client_token: z.string(), accessor: z.string() }) });
const Stored = z.object({ token: z.string(), accessor: z.string() });

let world: World;
let former: z.output<typeof Minted>["auth"];

beforeAll(async () => {
  world = await startWorld({ instances: [], relaysEvents: false });
  const made = await operate("POST", `auth/token/create/${ROTATED_TOKEN_ROLE}`, {});
  former = Minted.parse(made).auth;
  await putSecret(ROTATED_SECRET, former.client_token);
});

afterAll(() => world?.stop());

it("has Secrets Manager's four steps, each twice, make another token current that works", async () => {
  for (const Step of STEPS) {
    expect(await secretText(ROTATED_SECRET), Step).toBe(former.client_token);
    // A step that comes twice is done once.
    for (const _time of ["once", "again"]) expect(await invoke(Step)).toBe("null");
  }
  const stored = Stored.parse(JSON.parse(await secretText(ROTATED_SECRET)));
  expect(stored.token).not.toBe(former.client_token);
  expect(await readsWith(stored.token)).toBe(200);
  expect(await readsWith(former.client_token)).toBe(200);
  const described = await new SecretsManagerClient({}).send(
    new DescribeSecretCommand({ SecretId: ROTATED_SECRET }),
  );
  expect(described.VersionIdsToStages?.[ATTEMPT]).toEqual(["AWSCURRENT"]);
  const parameter = await new SSMClient({
    endpoint: `http://127.0.0.1:${readSettings().systemsManagerPort}`,
  }).send(new GetParameterCommand({ Name: ROTATED_PARAMETER, WithDecryption: true }));
  expect(parameter.Parameter?.Value).toBe(await secretText(ROTATED_SECRET));
});

it("revokes the former one when the new one is used, and leaves no third", async () => {
  const { token, accessor } = Stored.parse(JSON.parse(await secretText(ROTATED_SECRET)));
  // Its consumer has read it, and renews it.
  expect(await callWith(token, "POST", "auth/token/renew-self")).toBe(200);
  await expect
    .poll(() => callWith(former.client_token, "GET", "auth/token/lookup-self"), {
      timeout: (60 + GRACE_SECONDS) * 1_000,
      interval: 1_000,
    })
    .toBe(403);
  expect(await readsWith(token)).toBe(200);
  expect(await accessorsOfAttempt()).toEqual([accessor]);
  const { stdout } = await drover(["history", ROTATION, "--follow"]);
  expect(stdout).toContain(`revoked ${former.accessor}`);
  expect(stdout).toContain("rotated: ");
  for (const secret of [token, former.client_token]) expect(stdout).not.toContain(secret);
  const listed = JSON.parse((await drover(["rotations", "--json"])).stdout);
  expect(listed).toMatchObject([{ name: ROTATION, last: { outcome: "rotated" } }]);
  // Ticks that are superseded are in its queue still: for the case that a step had not been asked for.
  expect(await messagesLeft("rotate-tokens")).toMatchObject({ deadLetters: 0 });
});

it("rehearses it for an operator, and changes nothing", async () => {
  const before = await secretText(ROTATED_SECRET);
  const { code, stdout } = await drover(["rotate", ROTATION, "--dry-run", "--follow"]);
  expect(code).toBe(0);
  expect(stdout).toContain("? would have made a new one, tested it and made it current");
  expect(await secretText(ROTATED_SECRET)).toBe(before);
});

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

const readsWith = (token: string) => callWith(token, "GET", READABLE_PATH);

async function callWith(token: string, method: string, path: string): Promise<number> {
  const url = `${readSettings().openBao.address}/v1/${path}`;
  return (await fetch(url, { method, headers: { "X-Vault-Token": token } })).status;
}

/** The accessors of all tokens that live and bear the attempt's id. */
async function accessorsOfAttempt(): Promise<string[]> {
  const Keys = z.object({ data: z.object({ keys: z.array(z.string()) }) });
  const Meta = z.object({ data: z.object({ meta: z.record(z.string(), z.string()).nullish() }) });
  const { data } = Keys.parse(await operate("GET", "auth/token/accessors/?list=true"));
  const found: string[] = [];
  for (const accessor of data.keys) {
    const looked = Meta.parse(await operate("POST", "auth/token/lookup-accessor", { accessor }));
    if (looked.data.meta?.drover_attempt === ATTEMPT) found.push(accessor);
  }
  return found;
}
