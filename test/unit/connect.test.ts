import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { NomadNodeId } from "../../lambdas/contracts/ids.ts";
import type { Breaker } from "../../lambdas/domain/ports/breaker.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import { connectConsul } from "../../lambdas/runtime/connect-consul.ts";
import { connectNomad } from "../../lambdas/runtime/connect-nomad.ts";
import { connectVault, openVault } from "../../lambdas/runtime/connect-vault.ts";
import { connectMintingServers } from "../../lambdas/runtime/minting-servers.ts";
import { notUsed } from "../../lambdas/runtime/not-used.ts";
import { createKinds } from "../../lambdas/runtime/rotation-kinds.ts";
import { type Heard, reply, type Script } from "../helpers/scripted-server.ts";
import { wiredWorld } from "../helpers/wired-world.ts";

const NODE = NomadNodeId.parse("6e0f3c4e-59b5-4d7a-9a0d-0f6b7d0c1a11");

const answers: Script = ({ url: { pathname } }, response, number) => {
  if (pathname === "/v1/auth/approle/login" || pathname === "/v1/auth/jwt/login") {
    reply(response, 200, { auth: { client_token: "of-login", lease_duration: 3_600 } });
  } else if (pathname === "/v1/nomad/creds/drover") {
    reply(response, 200, { lease_duration: 600, data: { secret_id: `of-engine-${number}` } });
  } else if (pathname === "/v1/consul/creds/drover") {
    reply(response, 200, { lease_duration: 600, data: { token: "of-consul-engine" } });
  } else if (pathname.startsWith("/v1/health/")) reply(response, 200, []);
  else reply(response, 404, "node not found");
};

const header = (heard: readonly Heard[], path: string, name: string) =>
  heard.filter(({ url }) => url.pathname.startsWith(path)).map(({ headers }) => headers[name]);

describe("tokens from Vault", () => {
  const sections = (address: string): Partial<ConfigInput> => ({
    nomad: { address, tokenFromVault: { role: "drover" } },
    consul: { address, tokenFromVault: { mount: "consul", role: "drover" } },
    vault: { address, namespace: "platform", login: { method: "approle", secret: "approle" } },
  });
  const secrets = { approle: '{"roleId":"role-1","secretId":"secret-1"}' };

  it("are those of the engines, by one login with the secret's credentials", async () => {
    const { wiring, heard, calls } = await wiredWorld(answers, sections, secrets);
    const vault = await openVault(wiring);
    expect(heard).toEqual([]);
    const nomad = await connectNomad(wiring, vault);
    const consul = await connectConsul(wiring, vault);
    await nomad.node(NODE);
    await nomad.node(NODE);
    await consul?.checks("web-1");
    expect(calls().filter((call) => call.includes("login"))).toHaveLength(1);
    expect(JSON.parse(heard[0]?.body ?? "")).toEqual({ role_id: "role-1", secret_id: "secret-1" });
    expect(new Set(header(heard, "/v1/auth", "x-vault-namespace"))).toEqual(new Set(["platform"]));
    expect(header(heard, "/v1/node/", "x-nomad-token")).toEqual(["of-engine-2", "of-engine-2"]);
    expect(header(heard, "/v1/health", "x-consul-token")).toEqual(["of-consul-engine"]);
  });

  it("are asked for again when Nomad refuses one", async () => {
    const { wiring, heard } = await wiredWorld(
      (request, response, number) => {
        const isOld = request.headers["x-nomad-token"] === "of-engine-2";
        if (isOld) reply(response, 403, "ACL token not found");
        else answers(request, response, number);
      },
      sections,
      secrets,
    );
    const nomad = await connectNomad(wiring, await openVault(wiring));
    expect(await nomad.node(NODE)).toBeUndefined();
    const [first, second] = header(heard, "/v1/node/", "x-nomad-token");
    expect(first).toBe("of-engine-2");
    expect(second).not.toBe(first);
  });

  it("fail without quoting a login secret that can't be read", async () => {
    const { wiring } = await wiredWorld(answers, sections, { approle: "s3cr3t {not JSON" });
    const nomad = await connectNomad(wiring, await openVault(wiring));
    const error = await nomad.node(NODE).catch((cause: Error) => cause);
    expect(error).toMatchObject({ system: "secrets-manager", kind: "invalid" });
    expect(String(error)).toContain("secret approle must hold JSON");
    expect(JSON.stringify([String(error), error])).not.toContain("s3cr3t");
  });
});

describe("tokens from Secrets Manager", () => {
  it("go to Nomad and Consul, each its own; Vault is not asked", async () => {
    const { wiring, heard, calls } = await wiredWorld(
      answers,
      (address) => ({
        nomad: { address, tokenSecret: "nomad" },
        consul: { address, tokenSecret: "consul", datacenter: "dc9" },
      }),
      { nomad: "nomad-token", consul: '{"token":"consul-token"}' },
    );
    const vault = await openVault(wiring);
    expect(vault).toBeUndefined();
    await (await connectNomad(wiring, vault)).node(NODE);
    const consul = await connectConsul(wiring, vault);
    await consul?.checks("web-1");
    expect(header(heard, "/v1/node/", "x-nomad-token")).toEqual(["nomad-token"]);
    expect(header(heard, "/v1/health", "x-consul-token")).toEqual(["consul-token"]);
    expect(heard.at(-1)?.url.searchParams.get("dc")).toBe("dc9");
    expect(calls().filter((call) => call.includes("/auth/"))).toEqual([]);
  });
});

describe("another Vault, which a rotation names", () => {
  it("is where it is rotated, by a login of its own; Drover's own is not asked", async () => {
    const { wiring, heard } = await wiredWorld(
      ({ url: { pathname } }, response) => {
        const auth = { client_token: "of-other-login", lease_duration: 60 };
        if (pathname.endsWith("/login")) reply(response, 200, { auth });
        else reply(response, 403, { errors: ["1 error occurred:\n\t* permission denied\n\n"] });
      },
      (address) => ({
        rotate: {
          of: [
            {
              name: "backup-token",
              kind: "vault-token",
              role: "backup",
              secret: "backup",
              server: {
                address,
                namespace: "team",
                login: { method: "approle", secret: "other", mount: "machines" },
              },
            },
          ],
        },
      }),
      { other: '{"roleId":"role-2","secretId":"secret-2"}' },
    );
    const [rotation = expect.fail()] = wiring.config.rotate?.of ?? [];
    const servers = await connectMintingServers(wiring);
    expect(servers.vault).toBeUndefined();
    const kind = createKinds(servers, wiring)(rotation) as Kind;
    await expect(kind.lookUp("accessor")).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringContaining(
        "The role that rotate.of (backup-token).server.login names needs a policy",
      ),
    });
    expect(heard[0]?.url.pathname).toBe("/v1/auth/machines/login");
    expect(JSON.parse(heard[0]?.body ?? "")).toEqual({ role_id: "role-2", secret_id: "secret-2" });
    expect(header(heard, "/v1/auth/token/", "x-vault-token")[0]).toBe("of-other-login");
    expect(new Set(header(heard, "/v1/", "x-vault-namespace"))).toEqual(new Set(["team"]));
  });
});

describe("what is not configured", () => {
  it("is no Consul and no Vault", async () => {
    const { wiring } = await wiredWorld(answers, () => ({}), {});
    expect(await connectConsul(wiring, undefined)).toBeUndefined();
    expect(await openVault(wiring)).toBeUndefined();
    expect(connectVault(wiring, undefined)).toBeUndefined();
  });

  it("a login alone makes no secret ids", async () => {
    const login = { method: "jwt", role: "drover", jwtSecret: "jwt" } as const;
    const { wiring } = await wiredWorld(answers, (address) => ({ vault: { address, login } }), {});
    expect(connectVault(wiring, await openVault(wiring))).toBeUndefined();
  });
});

describe("the login with the function's own role", () => {
  it("signs a call of GetCallerIdentity for the configured region", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example-secret");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { wiring, heard } = await wiredWorld(
      (request, response) => {
        const isLogin = request.url.pathname.endsWith("/login");
        const auth = { client_token: "t", lease_duration: 60 };
        reply(response, isLogin ? 200 : 404, isLogin ? { auth } : {});
      },
      (address) => ({
        vault: { address, login: { method: "aws", role: "drover", serverId: "vault.internal" } },
      }),
      {},
    );
    await (await openVault(wiring))?.token();
    const login = JSON.parse(heard[0]?.body ?? "{}");
    const headers = JSON.parse(Buffer.from(login.iam_request_headers, "base64").toString());
    expect(heard[0]?.url.pathname).toBe("/v1/auth/aws/login");
    expect(Buffer.from(login.iam_request_url, "base64").toString()).toBe(
      "https://sts.eu-central-1.amazonaws.com/",
    );
    expect(JSON.stringify(headers)).toContain("Credential=AKIDEXAMPLE/");
    expect(JSON.stringify(headers)).toContain("vault.internal");
  });
});

describe("a port that a flow has no use for", () => {
  it("says who was not meant to call it", () => {
    const breaker = notUsed<Breaker>("breaker", "drain-client");
    expect(() => breaker.ask).toThrow("drain-client has no breaker: ask is not for it to call");
  });
});
