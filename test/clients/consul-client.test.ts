import { afterEach, describe, expect, test } from "vitest";
import { type ConsulOptions, createConsul } from "../../lambdas/clients/consul/create-consul.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Consul } from "../../lambdas/domain/ports/consul.ts";
import { type Heard, reply, type Script, startScriptedServer } from "../helpers/scripted-server.ts";

const TOKEN = "5ec2e700-0000-4000-8000-000000000000";
const SECRET = "5ec2e700-1111-4000-8000-000000000000";
const ID = NodeId.parse("i-0123456789abcdef0");
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function against(script: Script, options: Partial<ConsulOptions> = {}) {
  const server = await startScriptedServer(script);
  const consul = createConsul({
    address: server.address,
    datacenter: "eu",
    token: async () => TOKEN,
    retry: { firstDelayMilliseconds: 0 },
    ...options,
  });
  closers.push(consul.close, server.close);
  return { consul, server };
}

function callsOf(heard: readonly Heard[]): string[] {
  return heard.map(({ method, url }) => `${method} ${url.pathname}`);
}

describe("a call", () => {
  test("carries the token and the datacenter, in the body of a write too", async () => {
    const { consul, server } = await against((_, response) => reply(response, 200, true));
    await consul.deregister("web-1");
    const [heard] = server.heard;
    expect(heard?.headers["x-consul-token"]).toBe(TOKEN);
    expect(heard?.url.searchParams.get("dc")).toBe("eu");
    expect(JSON.parse(heard?.body ?? "")).toEqual({ Node: "web-1", Datacenter: "eu" });
  });

  test("for a node is one, of that node alone", async () => {
    const { consul, server } = await against(({ url }, response) =>
      reply(response, 200, url.pathname.includes("health") ? [check({})] : entry({})),
    );
    await consul.checks("a b");
    await consul.node("a b");
    expect(callsOf(server.heard)).toEqual([
      "GET /v1/health/node/a%20b",
      "GET /v1/catalog/node/a%20b",
    ]);
  });

  test("for the datacenter is made once, where none is configured", async () => {
    const { consul, server } = await against(
      ({ url }, response) =>
        reply(
          response,
          200,
          url.pathname === "/v1/agent/self" ? { Config: { Datacenter: "dc7" } } : token("dc7"),
        ),
      { datacenter: "" },
    );
    expect(await consul.issueNodeToken(ID, "web-1")).toBe(SECRET);
    expect(await consul.issueNodeToken(ID, "web-1")).toBe(SECRET);
    expect(callsOf(server.heard)).toEqual([
      "GET /v1/agent/self",
      "PUT /v1/acl/token",
      expect.stringMatching(/^GET .v1.acl.token./),
      "PUT /v1/acl/token",
      expect.stringMatching(/^GET .v1.acl.token./),
    ]);
    const writes = server.heard.filter(({ method }) => method === "PUT");
    const [first, second] = writes.map(({ body }) => JSON.parse(body));
    expect(first.NodeIdentities).toEqual([{ NodeName: "web-1", Datacenter: "dc7" }]);
    expect(second.AccessorID).toBe(first.AccessorID);
  });
});

describe("statuses", () => {
  const calls: [string, (consul: Consul) => Promise<unknown>][] = [
    ["GET /v1/catalog/node/web-1", (consul) => consul.node("web-1")],
    ["GET /v1/health/node/web-1", (consul) => consul.checks("web-1")],
    ["GET /v1/health/state/critical", (consul) => consul.failed()],
    ["PUT /v1/agent/force-leave/web-1", (consul) => consul.forceLeave("web-1")],
    ["PUT /v1/catalog/deregister", (consul) => consul.deregister("web-1")],
    ["PUT /v1/acl/token", (consul) => consul.issueNodeToken(ID, "web-1")],
  ];
  const answers = [
    [403, "Permission denied", "denied"],
    [403, "rpc error making call: ACL not found", "denied"],
    [429, "rate limit exceeded, try again later or against a different server", "throttled"],
    [500, "No cluster leader", "unavailable"],
    [500, "No path to datacenter", "unavailable"],
    [502, "<html>Bad Gateway</html>", "unavailable"],
    [503, "rate limit exceeded", "unavailable"],
  ] as const;

  test.each(answers)(
    "%i %s: %s for every call, in words that name it",
    async (status, text, kind) => {
      const { consul } = await against((_, response) => reply(response, status, text), {
        retry: { retries: 0 },
      });
      for (const [name, call] of calls) {
        await expect(call(consul), name).rejects.toMatchObject({
          name: "PortError",
          system: "consul",
          kind,
          message: expect.stringContaining(`${name}: Consul answered ${status}`),
        });
      }
    },
  );

  test("404 for a call that Consul does not know is a defect, not absence", async () => {
    const { consul } = await against((_, response) => reply(response, 404, ""));
    for (const [name, call] of calls) {
      await expect(call(consul), name).rejects.toMatchObject({ kind: "invalid" });
    }
  });

  test("403 names the rule that is missing", async () => {
    const { consul } = await against((_, response) => reply(response, 403, "Permission denied"));
    const missing = [
      /node_prefix/,
      /node_prefix/,
      /node_prefix/,
      /operator = "write"/,
      /node_prefix/,
      /acl = "write"/,
    ];
    for (const [index, [name, call]] of calls.entries()) {
      await expect(call(consul), name).rejects.toThrow(missing[index]);
    }
  });

  test("the token never stands in an error, be it ours or the one that was made", async () => {
    const { consul } = await against(
      (_, response) => reply(response, 500, `token ${TOKEN} is odd ${"x".repeat(5_000)}`),
      { retry: { retries: 0 } },
    );
    const error: Error = await consul.deregister("web-1").catch((error) => error);
    expect(error.message).toContain("token [token] is odd");
    expect(error.message).not.toContain(TOKEN);

    const other = await against((_, response) => reply(response, 200, token("elsewhere")));
    const made: Error = await other.consul.issueNodeToken(ID, "web-1").catch((error) => error);
    expect(made).toMatchObject({ kind: "invalid" });
    expect(made.message).not.toContain(SECRET);
  });
});

describe("a newer Consul", () => {
  test("says in a header that it keeps something back: denied, not absent", async () => {
    const { consul, server } = await against(({ url }, response) =>
      reply(response, 200, url.pathname.includes("health") ? [] : null, {
        "X-Consul-Results-Filtered-By-ACLs": "true",
      }),
    );
    await expect(consul.node("web-1")).rejects.toMatchObject({ kind: "denied" });
    await expect(consul.checks("web-1")).rejects.toMatchObject({ kind: "denied" });
    expect(server.heard).toHaveLength(2);
  });

  test("may no longer say what a token may do: then its header counts", async () => {
    const { consul } = await against(({ method }, response) =>
      method === "POST" ? reply(response, 404, "") : reply(response, 200, null),
    );
    expect(await consul.node("web-1")).toBeUndefined();
  });

  test("without ACLs has what it says it has", async () => {
    const { consul } = await against(({ method }, response) =>
      method === "POST"
        ? reply(response, 401, "ACL support disabled")
        : reply(response, 200, { Node: null, Services: {} }),
    );
    expect(await consul.node("web-1")).toBeUndefined();
  });

  test("answers 404 for a token that is not there", async () => {
    const { consul } = await against(({ method, url }, response) =>
      method === "GET" && url.pathname.endsWith("/self")
        ? reply(response, 200, token("eu"))
        : reply(response, 404, "Requested token does not exist: ACL not found"),
    );
    expect(await consul.revokeNodeToken(ID)).toBeUndefined();
  });

  test("answers 404 for a token that somebody else deleted meanwhile: it is gone", async () => {
    const { consul } = await against(({ method }, response) =>
      method === "DELETE"
        ? reply(response, 404, "Cannot find token to delete")
        : reply(response, 200, token("eu")),
    );
    expect(await consul.revokeNodeToken(ID)).toBe("done");
  });
});

describe("trying again", () => {
  test.each([
    [429, "throttled"],
    [503, ""],
  ])("after %i until it works", async (status, text) => {
    const { consul, server } = await against((_, response, number) =>
      number < 3 ? reply(response, status, text) : reply(response, 200, true),
    );
    await consul.deregister("web-1");
    expect(server.heard).toHaveLength(3);
  });

  test("a token whose making was not answered is asked for in the same words, and found", async () => {
    const { consul, server } = await against(({ method }, response, number) => {
      if (number === 1) response.destroy();
      else if (method === "PUT") {
        reply(response, 500, "Invalid Token: AccessorID is already in use");
      } else reply(response, 200, token("eu"));
    });
    expect(await consul.issueNodeToken(ID, "web-1")).toBe(SECRET);
    const [first, second] = server.heard.filter(({ method }) => method === "PUT");
    expect(second?.body).toBe(first?.body);
  });

  test("with a token fetched anew after a 403, also where 403 may mean not there", async () => {
    let current = TOKEN;
    const { consul } = await against(
      ({ headers, url }, response) => {
        if (headers["x-consul-token"] !== "fresh") reply(response, 403, "ACL not found");
        else if (url.pathname.endsWith("/self")) reply(response, 200, {});
        else reply(response, 200, token("eu"));
      },
      {
        token: async () => current,
        refreshToken: async () => {
          current = "fresh";
          return current;
        },
      },
    );
    expect(await consul.revokeNodeToken(ID)).toBe("done");
  });
});

describe("checks", () => {
  test("of maintenance are told from failures, and an unknown status does not pass", async () => {
    const { consul } = await against((_, response) =>
      reply(response, 200, [
        check({ CheckID: "_node_maintenance" }),
        check({ CheckID: "_service_maintenance:web-1", ServiceID: "web-1" }),
        check({ CheckID: "disk", Status: "sleepy" }),
      ]),
    );
    expect(await consul.checks("web-1")).toMatchObject([
      { status: "maintenance", serviceId: null },
      { status: "maintenance", serviceId: "web-1" },
      { status: "critical" },
    ]);
  });

  test("that can't be read are a defect", async () => {
    const { consul } = await against((_, response) => reply(response, 200, { no: "list" }));
    await expect(consul.checks("web-1")).rejects.toMatchObject({ kind: "invalid" });
  });
});

function check(fields: object) {
  return { CheckID: "c", Name: "c", Status: "critical", Output: "", ServiceID: "", ...fields };
}

function entry(fields: object) {
  const Node = {
    ID: "",
    Node: "a b",
    Address: "10.0.0.1",
    Datacenter: "eu",
    Meta: null,
    ...fields,
  };
  return { Node, Services: {} };
}

function token(Datacenter: string) {
  const NodeIdentities = [{ NodeName: "web-1", Datacenter }];
  return { AccessorID: "a", SecretID: SECRET, NodeIdentities };
}
