import { X509Certificate } from "node:crypto";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { vaultOperator } from "../helpers/real-openbao/operator.ts";
import { readSettings } from "./settings.ts";
import { drover } from "./world/drover-cli.ts";
import { CERTIFICATE_ROTATION, CERTIFICATE_SECRET } from "./world/names.ts";
import { messagesLeft } from "./world/queues.ts";
import { expectUnwritten, lookAtRotations, rotationRecord } from "./world/rotations.ts";
import { secretText } from "./world/secrets.ts";
import { startWorld, type World } from "./world/world.ts";

/** An attempt waits for nobody: there is no former one. */
const MADE_WITHIN_MILLISECONDS = 60_000;

const Stored = z.object({
  certificate: z.string(),
  privateKey: z.string(),
  ca: z.string(),
  accessor: z.string(),
});
const Known = z.object({
  data: z.object({ certificate: z.string(), revocation_time: z.number() }),
});
const Serials = z.object({ data: z.object({ keys: z.array(z.string()) }) });

let world: World;

beforeAll(async () => {
  world = await startWorld({ instances: [], relaysEvents: false });
});

afterAll(() => world?.stop());

it("gives a secret that the stack has made its first value with a look, and leaves nothing else", async () => {
  await lookAtRotations();
  await expect
    .poll(() => rotationRecord(CERTIFICATE_ROTATION), { timeout: MADE_WITHIN_MILLISECONDS })
    .toMatchObject({ last: { outcome: "rotated" } });
  const { certificate, ca, accessor } = await stored();
  expect(new X509Certificate(certificate).verify(new X509Certificate(ca).publicKey)).toBe(true);
  const { data } = Known.parse(await operate(`pki/cert/${accessor}`));
  expect(data.revocation_time).toBe(0);
  expect(certificate).toContain(data.certificate.trim());
  const record = await rotationRecord(CERTIFICATE_ROTATION);
  expect(record).toMatchObject({ current: { accessor }, plan: { startedBy: "secrets-manager" } });
  expect(record?.attempt).toBeUndefined();
  expect(await ofRotation()).toEqual([accessor]);
  expect(await messagesLeft("rotate-tokens")).toMatchObject({ deadLetters: 0 });
});

it("under the stack's own key, and the history says that it is the first", async () => {
  const command = new DescribeSecretCommand({ SecretId: CERTIFICATE_SECRET });
  const { KmsKeyId } = await new SecretsManagerClient({}).send(command);
  expect(KmsKeyId).toMatch(/:key\//);
  const { stdout } = await drover(["history", CERTIFICATE_ROTATION]);
  expect(stdout).toMatch(/holds nothing yet: its first value is made.*there is none before it/s);
});

it("writes no key anywhere", async () => {
  await expectUnwritten(CERTIFICATE_ROTATION, [(await stored()).privateKey]);
});

async function stored(): Promise<z.output<typeof Stored>> {
  return Stored.parse(JSON.parse(await secretText(CERTIFICATE_SECRET)));
}

/** The serial numbers of all certificates that were made for the rotation. */
async function ofRotation(): Promise<string[]> {
  const { keys } = Serials.parse(await operate("pki/certs/?list=true")).data;
  const found: string[] = [];
  for (const serial of keys) {
    const { certificate } = Known.parse(await operate(`pki/cert/${serial}`)).data;
    const { subjectAltName = "" } = new X509Certificate(certificate);
    if (subjectAltName.includes(`/${CERTIFICATE_ROTATION}/`)) found.push(serial);
  }
  return found;
}

function operate(path: string): Promise<unknown> {
  return vaultOperator(readSettings().openBao, "GET", path);
}
