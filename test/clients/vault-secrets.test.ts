import { afterEach, expect, test } from "vitest";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { createVault } from "../../lambdas/clients/vault/create-vault.ts";
import { createEngineToken } from "../../lambdas/clients/vault/engine-token.ts";
import { jwtLogin } from "../../lambdas/clients/vault/jwt-login.ts";
import type { LoginMethod } from "../../lambdas/clients/vault/login-method.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { RealClock } from "../../local/clock.ts";
import { reply, type Script, startScriptedServer } from "../helpers/scripted-server.ts";

const NODE = NodeId.parse("i-00000000000abc000");
const PLANTED = "planted-secret";
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const byAppRole = appRoleLogin({
  credentials: async () => ({ roleId: "role", secretId: `${PLANTED}-secret-id` }),
});
const byJwt = jwtLogin({ role: "drover", jwt: async () => `${PLANTED}-jwt` });

async function against(script: Script, login: LoginMethod = byAppRole) {
  const server = await startScriptedServer(script);
  const { address } = server;
  const retry = { retries: 0 };
  const session = createVaultSession({ address, login, clock: new RealClock(), retry });
  const vault = createVault({ session, role: "node", deployment: "d" });
  closers.push(vault.close, server.close);
  return { session, vault };
}

const granted = { auth: { client_token: `${PLANTED}-token`, lease_duration: 60 } };

/** A login that works, and then this for every other call. */
function after(script: Script): Script {
  return (heard, response, number) =>
    heard.url.pathname.endsWith("/login")
      ? reply(response, 200, granted)
      : script(heard, response, number);
}

/** Everything of an error that a log could hold. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) throw new Error(`no error: ${error}`);
  const cause = error.cause instanceof Error ? textOf(error.cause) : String(error.cause ?? "");
  return [error.message, error.stack, JSON.stringify(error), cause].join("\n");
}

const failed = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => error);

test.each<[string, LoginMethod, Script]>([
  ["refused", byAppRole, (heard, response) => reply(response, 400, heard.body)],
  ["refused with a JWT", byJwt, (heard, response) => reply(response, 403, heard.body)],
  ["broken", byAppRole, (heard, response) => reply(response, 500, heard.body)],
  ["answered in part", byAppRole, (heard, response) => reply(response, 200, heard.body.slice(1))],
  ["answered in another shape", byAppRole, (heard, response) => reply(response, 200, [heard.body])],
])("a login that is %s says no secret", async (_, login, script) => {
  const { session } = await against(script, login);
  const text = textOf(await failed(session.token()));
  expect(text).toContain("/login");
  expect(text).not.toContain(PLANTED);
});

const roleId: Script = (_, response) => reply(response, 200, { data: { role_id: "role" } });

test.each<[string, Script]>([
  ["refused", (heard, response) => reply(response, 403, `no ${heard.headers["x-vault-token"]}`)],
  ["cut off", (_, response) => reply(response, 200, `{"wrap_info":{"token":"${PLANTED}`)],
  ["unwrapped", (_, response) => reply(response, 200, { data: { secret_id: PLANTED } })],
  [
    "wrapped by another path",
    (_, response) =>
      reply(response, 200, { wrap_info: { token: PLANTED, creation_path: "sys/wrapping/wrap" } }),
  ],
])("a secret id that is %s is an error, and no secret in it", async (_, script) => {
  const { vault } = await against(
    after((heard, response, number) =>
      (heard.url.pathname.endsWith("/role-id") ? roleId : script)(heard, response, number),
    ),
  );
  const text = textOf(await failed(vault.wrapSecretId(NODE, 60)));
  expect(text).toContain("/v1/auth/approle/role/node/custom-secret-id");
  expect(text).not.toContain(PLANTED);
});

test.each(["refused", "not destroyed"])(
  "the secret id Drover has chosen is in no error when it is %s",
  async (when) => {
    let chosen = "";
    const wrap_info = {
      token: PLANTED,
      creation_path: "auth/approle/role/node/custom-secret-id",
    };
    const { vault } = await against(
      after((heard, response, number) => {
        if (heard.url.pathname.endsWith("/role-id")) return roleId(heard, response, number);
        chosen = JSON.parse(heard.body).secret_id;
        const isMade = when === "not destroyed" && heard.url.pathname.endsWith("/custom-secret-id");
        return isMade ? reply(response, 200, { wrap_info }) : reply(response, 500, heard.body);
      }),
    );
    const text = textOf(
      await failed(vault.wrapSecretId(NODE, 60).then((wrapped) => wrapped.destroy())),
    );
    expect(chosen).toMatch(/^[0-9a-f]{64}$/);
    expect(text).toContain("/v1/auth/approle/role/node/");
    expect(text).not.toContain(chosen);
    expect(text).not.toContain(PLANTED);
  },
);

test("a secrets engine's answer that can't be read is an error without the token", async () => {
  const { session } = await against(
    after((_, response) => reply(response, 200, { data: { other: PLANTED } })),
  );
  const clock = new RealClock();
  const engine = createEngineToken(session, { mount: "nomad", role: "drover", clock });
  const text = textOf(await failed(engine.token()));
  expect(text).toContain("GET /v1/nomad/creds/drover");
  expect(text).not.toContain(PLANTED);
});
