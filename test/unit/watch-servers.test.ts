import { expect, it } from "vitest";
import { fetchText } from "../../lambdas/clients/aws/secrets.ts";
import { createWatched } from "../../lambdas/clients/watch/create-watched.ts";
import { asMinting } from "../../lambdas/contracts/config/minting.ts";
import { watchedIn } from "../../lambdas/contracts/config/watched.ts";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { connectMintingServers } from "../../lambdas/runtime/minting-servers.ts";
import { watchServers } from "../../lambdas/runtime/watch-servers.ts";
import { reply, type Script } from "../helpers/scripted-server.ts";
import { wiredWorld } from "../helpers/wired-world.ts";

const UUID = "99999999-9999-4999-8999-99999999999";
const TIMES = { CreateTime: "2026-01-01T00:00:00Z", ExpirationTime: "2026-01-02T00:00:00Z" };
const SECRET_ID = {
  creation_time: "2026-01-01T00:00:00Z",
  expiration_time: "2026-01-02T00:00:00Z",
  metadata: null,
  secret_id_accessor: "accessor",
  secret_id_num_uses: 0,
};

/** Nomad, Consul and Vault, which know everybody. */
const answers: Script = ({ url: { pathname } }, response) => {
  const token = { AccessorID: "a", SecretID: "s", Type: "client", Global: false, ...TIMES };
  const auth = { client_token: "of-login", metadata: { role_name: "drover" } };
  if (pathname.endsWith("/token/self")) reply(response, 200, token);
  else if (pathname.endsWith("/login")) reply(response, 200, { auth });
  else if (pathname.endsWith("/lookup")) reply(response, 200, { data: SECRET_ID });
  else reply(response, 204, "");
};

/** What rotate-tokens is composed with. @returns how each look ends, by the field's name. */
async function looks(
  sections: (address: string) => Partial<ConfigInput>,
  secrets: Record<string, string>,
) {
  const { wiring, heard, calls } = await wiredWorld(answers, sections, secrets);
  const { config, clock } = wiring;
  const opened = await connectMintingServers({ ...wiring, config: asMinting(config) });
  const servers = watchServers(wiring, opened);
  const text = (secret: string) => fetchText(wiring.secrets, secret);
  const watched = watchedIn(config).map((each) => createWatched(each, { servers, clock, text }));
  const found = watched.map(async ({ name, look }) => {
    const lifetime = await look().catch((error: Error) => error.message);
    const end = typeof lifetime === "object" ? lifetime.expiresAt?.toISOString() : lifetime;
    return [name, end] as const;
  });
  return { ends: Object.fromEntries(await Promise.all(found)), heard, calls };
}

const END = "2026-01-02T00:00:00.000Z";

it("each credential is asked for with itself, at its own server, though nothing is rotated there", async () => {
  const { ends, heard, calls } = await looks(
    (address) => ({
      nomad: { address, region: "eu", tokenSecret: "nomad" },
      consul: { address, tokenSecret: "consul", datacenter: "dc9" },
      vault: { address, namespace: "platform", login: { method: "approle", secret: "approle" } },
      rotate: { nomad: { tokenSecret: "nomad-rotate" } },
    }),
    {
      nomad: `${UUID}1`,
      "nomad-rotate": `{"token":"${UUID}2"}`,
      consul: `${UUID}3`,
      approle: '{"roleId":"role-1","secretId":"secret-1"}',
    },
  );
  expect(ends).toEqual({
    "nomad.tokenSecret": END,
    "rotate.nomad.tokenSecret": END,
    "consul.tokenSecret": END,
    "vault.login.secret": END,
  });
  expect(calls().toSorted()).toEqual([
    ...["GET /v1/acl/token/self", "GET /v1/acl/token/self", "GET /v1/acl/token/self"],
    "POST /v1/auth/approle/login",
    "POST /v1/auth/approle/role/drover/secret-id/lookup",
    "POST /v1/auth/token/revoke-self",
  ]);
  const shown = (name: string) => heard.flatMap(({ headers }) => headers[name] ?? []).toSorted();
  expect(shown("x-nomad-token")).toEqual([`${UUID}1`, `${UUID}2`]);
  expect(shown("x-consul-token")).toEqual([`${UUID}3`]);
  expect(new Set(shown("x-vault-namespace"))).toEqual(new Set(["platform"]));
  expect(heard.flatMap(({ url }) => url.searchParams.get("dc") ?? [])).toEqual(["dc9"]);
});

it("a server that can't be connected keeps nobody from the others", async () => {
  const { ends } = await looks(
    (address) => ({
      nomad: { address, tokenSecret: "nomad", tls: { clientCertificateSecret: "missing" } },
      consul: { address, tokenSecret: "consul" },
      rotate: {},
    }),
    { nomad: `${UUID}1`, consul: `${UUID}3` },
  );
  const missing = expect.stringContaining("there is no secret missing");
  expect(ends).toEqual({
    "nomad.tokenSecret": missing,
    "nomad.tls.clientCertificateSecret": missing,
    "consul.tokenSecret": END,
  });
});

it("a Vault of a rotation's own is asked at its own address, by its own login", async () => {
  const { ends, heard } = await looks(
    (address) => {
      const login = { method: "approle", secret: "other", mount: "machines" } as const;
      const server = { address, namespace: "team", login };
      const of = { name: "backup", kind: "vault-token", role: "backup", secret: "backup", server };
      return { nomad: { address }, rotate: { of: [of] } } as Partial<ConfigInput>;
    },
    { other: '{"roleId":"role-2","secretId":"secret-2"}' },
  );
  expect(ends).toEqual({ "rotate.of (backup).server.login.secret": END });
  expect(heard.map(({ url }) => url.pathname)).toEqual([
    "/v1/auth/machines/login",
    "/v1/auth/machines/role/drover/secret-id/lookup",
    "/v1/auth/token/revoke-self",
  ]);
  expect(new Set(heard.map(({ headers }) => headers["x-vault-namespace"]))).toEqual(
    new Set(["team"]),
  );
});
