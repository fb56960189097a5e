import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { ROTATED_APP_ROLE } from "../../local/vault/rotation-setup.ts";
import { consulOperator } from "../clients/contract/consul-cluster.ts";
import { makeToken } from "../helpers/real-consul/drover-token.ts";
import { vaultOperator } from "../helpers/real-openbao/operator.ts";
import { NAME } from "./machinery/configuration.ts";
import { readSettings } from "./settings.ts";
import { drover, type Printed } from "./world/drover-cli.ts";
import {
  CONSUL_ROTATION,
  CONSUL_TOKEN_SECRET,
  SECRET_ID_ROTATION,
  SECRET_ID_SECRET,
} from "./world/names.ts";
import { messagesLeft } from "./world/queues.ts";
import { expectUnwritten, lookAtRotations, rotationRecord } from "./world/rotations.ts";
import { putSecret, secretText } from "./world/secrets.ts";
import { consulWith } from "./world/server-cli.ts";
import { tokenIn } from "./world/token-consumer.ts";
import { startWorld, type World } from "./world/world.ts";

const ROLE = `auth/approle/role/${ROTATED_APP_ROLE}`;
const READER = "catalog-reader";
const READER_RULES = 'node_prefix "" { policy = "read" }';

const Login = z.object({ roleId: z.string(), secretId: z.string() });
const ConsulToken = z.object({
  AccessorID: z.string(),
  Description: z.string(),
  Policies: z.array(z.object({ Name: z.string() })).nullish(),
});

let world: World;
let formerLogin: z.output<typeof Login>;
let formerToken: string;
let formerAccessor: string;

beforeAll(async () => {
  world = await startWorld({ instances: [], relaysEvents: false });
  const { consul } = readSettings();
  formerLogin = await makeLogin();
  await putSecret(SECRET_ID_SECRET, JSON.stringify(formerLogin));
  formerToken = await makeToken(consul, READER, READER_RULES);
  formerAccessor = (await selfOf(formerToken)).AccessorID;
  await putSecret(CONSUL_TOKEN_SECRET, formerToken);
});

afterAll(() => world?.stop());

it("knows after a look what there is to rotate, and rotates nothing that is not due", async () => {
  const before = { login: await currentLogin(), token: await secretText(CONSUL_TOKEN_SECRET) };
  await lookAtRotations();
  for (const name of [SECRET_ID_ROTATION, CONSUL_ROTATION]) {
    await expect
      .poll(() => rotationRecord(name), { timeout: 30_000 })
      .toMatchObject({ plan: { startedBy: "schedule" }, current: expect.anything() });
    expect((await rotationRecord(name))?.attempt).toBeUndefined();
  }
  expect(await currentLogin()).toEqual(before.login);
  expect(await secretText(CONSUL_TOKEN_SECRET)).toBe(before.token);
});

describe("drover rotate has a secret id of Vault's rotated", () => {
  let told: Printed;

  it("and the new one logs in, while the old one is refused", async () => {
    expect(await logsIn(formerLogin)).toBe(200);
    told = await drover(["rotate", SECRET_ID_ROTATION, "--follow"]);
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect(told.stdout).toMatch(/made a new one.*the new one works.*revoked .*rotated: /s);
    const login = await currentLogin();
    expect(login.roleId).toBe(formerLogin.roleId);
    expect(login.secretId).not.toBe(formerLogin.secretId);
    expect(await logsIn(login)).toBe(200);
    expect(await logsIn(formerLogin)).toBe(400);
  });

  it("and the role has that one alone, as the record says", async () => {
    const { openBao } = readSettings();
    const listed = await vaultOperator(openBao, "GET", `${ROLE}/secret-id/?list=true`);
    const record = await rotationRecord(SECRET_ID_ROTATION);
    expect(record?.last).toMatchObject({ outcome: "rotated" });
    expect(listed).toMatchObject({ data: { keys: [record?.current?.accessor] } });
  });

  it("and its value is written nowhere", async () => {
    const secrets = [formerLogin.secretId, (await currentLogin()).secretId];
    for (const secret of secrets) expect(told.stdout).not.toContain(secret);
    await expectUnwritten(SECRET_ID_ROTATION, secrets);
  });
});

describe("drover rotate has a token of Consul's rotated", () => {
  let told: Printed;

  it("and the new one may do the same, while the old one is refused", async () => {
    told = await drover(["rotate", CONSUL_ROTATION, "--follow"]);
    expect(told).toMatchObject({ code: 0, stderr: "" });
    const token = tokenIn(await secretText(CONSUL_TOKEN_SECRET));
    expect(token).not.toBe(formerToken);
    expect(await selfOf(token)).toMatchObject({ Policies: [{ Name: READER }] });
    const nodes = await consulWith(token, "catalog", "nodes");
    expect(nodes).toMatchObject({ code: 0, stdout: expect.stringContaining("dc1") });
    const old = await consulWith(formerToken, "acl", "token", "read", "-self");
    expect(old).toMatchObject({ code: 1, stderr: expect.stringMatching(/403.*ACL not found/s) });
  });

  it("and of all that were made for it, that one alone lives, as the record says", async () => {
    const record = await rotationRecord(CONSUL_ROTATION);
    expect(record?.last).toMatchObject({ outcome: "rotated" });
    const { consul } = readSettings();
    const all = z.array(ConsulToken).parse(await consulOperator(consul, "GET", "/v1/acl/tokens"));
    const itsOwn = all.filter(
      ({ AccessorID, Description }) =>
        AccessorID === formerAccessor ||
        Description.startsWith(`drover ${NAME} ${CONSUL_ROTATION} `),
    );
    expect(itsOwn.map(({ AccessorID }) => AccessorID)).toEqual([record?.current?.accessor]);
    expect(await messagesLeft("rotate-tokens")).toMatchObject({ deadLetters: 0 });
  });

  it("and its value is written nowhere", async () => {
    const { rotateToken } = readSettings().consul;
    const token = tokenIn(await secretText(CONSUL_TOKEN_SECRET));
    for (const secret of [formerToken, token]) expect(told.stdout).not.toContain(secret);
    await expectUnwritten(CONSUL_ROTATION, [formerToken, token, rotateToken]);
  });
});

async function makeLogin(): Promise<z.output<typeof Login>> {
  const { openBao } = readSettings();
  const RoleId = z.object({ data: z.object({ role_id: z.string() }) });
  const SecretId = z.object({ data: z.object({ secret_id: z.string() }) });
  return {
    roleId: RoleId.parse(await vaultOperator(openBao, "GET", `${ROLE}/role-id`)).data.role_id,
    secretId: SecretId.parse(await vaultOperator(openBao, "POST", `${ROLE}/secret-id`, {})).data
      .secret_id,
  };
}

async function currentLogin(): Promise<z.output<typeof Login>> {
  return Login.parse(JSON.parse(await secretText(SECRET_ID_SECRET)));
}

/** What OpenBao answers to a login. */
async function logsIn({ roleId, secretId }: z.output<typeof Login>): Promise<number> {
  const body = JSON.stringify({ role_id: roleId, secret_id: secretId });
  const url = `${readSettings().openBao.address}/v1/auth/approle/login`;
  return (await fetch(url, { method: "POST", body })).status;
}

/** What a token of Consul's says of itself. */
async function selfOf(token: string): Promise<z.output<typeof ConsulToken>> {
  const { address } = readSettings().consul;
  const asItself = { address, managementToken: token };
  return ConsulToken.parse(await consulOperator(asItself, "GET", "/v1/acl/token/self"));
}
