import { expect, test } from "vitest";
import type { Transport } from "../../lambdas/clients/http/exchange.ts";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { readOwnSecretId } from "../../lambdas/clients/vault/own-secret-id.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import { VirtualClock } from "../../local/clock.ts";
import { newAuthority } from "../../local/vault/certificate-authority.ts";
import { ATTEMPT, certificateKindOf, secretIdKindOf, tokenKindOf } from "./vault-rotate-world.ts";

const PLANTED = "planted";
const TOKEN = { token: `${PLANTED}-token`, accessor: "accessor" };
const SECRET_ID = { roleId: "role", secretId: `${PLANTED}-secret-id`, accessor: "accessor" };
const { certificate } = await newAuthority("one", { from: new Date(0), seconds: 60 });
const CERTIFICATE = { certificate, privateKey: `${PLANTED}-key`, accessor: "0a:1b" };

/** A Vault that says everything it hears back, token and all, but for what it has an answer to. */
function echoing(
  status: number,
  shape: (heard: string) => unknown,
  answers: Readonly<Record<string, unknown>> = {},
): Transport {
  return {
    address: "echo:",
    async send({ path, headers = {}, body: sent }) {
      const isOwnLogin = path.endsWith("/login") && sent?.includes("own-secret-id");
      const auth = { client_token: `${PLANTED}-own`, lease_duration: 600 };
      const heard = `${headers["X-Vault-Token"]} ${sent}`;
      const answer = isOwnLogin ? { auth } : answers[path];
      const body = JSON.stringify(answer ?? shape(heard));
      return { status: answer ? 200 : status, headers: {}, body };
    },
    close() {},
  };
}

function sessionWith(transport: Transport) {
  const credentials = { roleId: "own", secretId: "own-secret-id" };
  return createVaultSession({
    address: "echo:",
    transport,
    retry: { retries: 0 },
    login: appRoleLogin({ credentials: async () => credentials }),
    clock: new VirtualClock(),
  });
}

test.each<[number, (heard: string) => unknown]>([
  [400, (heard) => ({ errors: [heard] })],
  [403, (heard) => ({ errors: [heard] })],
  [429, (heard) => ({ errors: [heard] })],
  [500, (heard) => ({ errors: [heard] })],
  [200, (heard) => ({ auth: { client_token: heard }, data: { id: heard, private_key: heard } })],
  [200, (heard) => heard],
])("what Vault says with %i is told without the values it is about", async (status, shape) => {
  const session = sessionWith(echoing(status, shape));
  const texts: string[] = [];
  for (const [kind, value] of [
    [tokenKindOf(session), TOKEN],
    [secretIdKindOf(session), SECRET_ID],
    [certificateKindOf(session), CERTIFICATE],
  ] as const) {
    for (const call of [
      () => kind.mint(ATTEMPT, {}, value),
      () => kind.identify(value),
      () => kind.lookUp(value.accessor),
      () => kind.madeFor(ATTEMPT),
      () => kind.test(value),
    ]) {
      texts.push(await call().then(JSON.stringify, told));
    }
  }
  const own = readOwnSecretId(session, "approle", SECRET_ID);
  texts.push(await own.then((found) => JSON.stringify(found) ?? "dead", told));
  expect(texts).toHaveLength(16);
  expect(texts.filter((text) => text.includes("/v1/")).length).toBeGreaterThan(13);
  expect(texts.join("\n")).not.toContain(PLANTED);
});

test("a test that fails says why without the value it was made with", async () => {
  const refusing = echoing(400, (heard) => ({ errors: [heard] }), {
    "/v1/auth/token/roles/nomad-server": { data: { orphan: true, token_period: 60 } },
    "/v1/auth/approle/role/backup/secret-id/lookup": {
      data: {
        creation_time: "2026-01-01T00:00:00Z",
        expiration_time: "0001-01-01T00:00:00Z",
        metadata: null,
        secret_id_accessor: "accessor",
        secret_id_num_uses: 0,
      },
    },
  });
  const session = sessionWith(refusing);
  const trials = [
    await tokenKindOf(session).test(TOKEN),
    await secretIdKindOf(session).test(SECRET_ID),
  ];
  expect(trials).toEqual([
    {
      works: false,
      why: expect.stringContaining("GET /v1/auth/token/lookup-self: Vault answered"),
    },
    { works: false, why: expect.stringContaining("POST /v1/auth/approle/login: Vault answered") },
  ]);
  expect(JSON.stringify(trials)).not.toContain(PLANTED);
});

test("what is said of Drover's own secret id is told without it, and without the token of the login", async () => {
  const auth = { client_token: `${PLANTED}-token`, metadata: { role_name: "drover" } };
  const logins = { "/v1/auth/approle/login": { auth } };
  for (const status of [200, 400, 403, 500]) {
    const session = sessionWith(echoing(status, (heard) => ({ errors: [heard] }), logins));
    const text = await readOwnSecretId(session, "approle", SECRET_ID).then(JSON.stringify, told);
    expect(text).toContain("POST /v1/auth/approle/role/drover/secret-id/lookup: ");
    expect(text).not.toContain(PLANTED);
  }
});

test.each([
  [
    403,
    undefined,
    {
      kind: "denied",
      message: expect.stringContaining(
        'path "auth/token/revoke-self" { capabilities = ["update"] }',
      ),
    },
  ],
  [503, undefined, { lifeSeconds: 60 }],
  [403, "batch", { lifeSeconds: 60 }],
])(
  "the login of such a look, whose end Vault answers with %i, is told where each would leave one",
  async (status, token_type, seen) => {
    const auth = { client_token: "of-login", token_type, metadata: { role_name: "drover" } };
    const data = {
      creation_time: "2026-01-01T00:00:00Z",
      expiration_time: "2026-01-01T00:01:00Z",
      metadata: null,
      secret_id_accessor: "accessor",
      secret_id_num_uses: 0,
    };
    const session = sessionWith(
      echoing(status, () => ({ errors: ["permission denied"] }), {
        "/v1/auth/approle/login": { auth },
        "/v1/auth/approle/role/drover/secret-id/lookup": { data },
      }),
    );
    const looked = readOwnSecretId(session, "approle", SECRET_ID);
    expect(await looked.catch((error: unknown) => error)).toMatchObject(seen);
  },
);

/** Everything of an error that a log could hold. */
function told(error: unknown): string {
  if (!(error instanceof Error)) throw new Error(`no error: ${error}`);
  const cause = error.cause === undefined ? "" : told(error.cause);
  return [error.message, error.stack, JSON.stringify(error), cause].join("\n");
}
