import { afterEach, describe, expect, test } from "vitest";
import { createNomad, type NomadOptions } from "../../lambdas/clients/nomad/create-nomad.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import { NODE_ID, nodeBody } from "../helpers/nomad-bodies.ts";
import { reply, type Script, startScriptedServer } from "../helpers/scripted-server.ts";

const TOKEN = "5ec2e700-0000-4000-8000-000000000000";
const request = { deadlineNanoseconds: 6e10, ignoreSystemJobs: true, meta: { drover: "d1" } };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function against(script: Script, options: Partial<NomadOptions> = {}) {
  const server = await startScriptedServer(script);
  const nomad = createNomad({
    address: server.address,
    token: async () => TOKEN,
    retry: { firstDelayMilliseconds: 0 },
    ...options,
  });
  closers.push(nomad.close, server.close);
  return { nomad, server };
}

describe("a call", () => {
  test("carries the token and the region, and a drain what was asked for", async () => {
    const { nomad, server } = await against((_, response) => reply(response, 200, {}), {
      region: "eu",
    });
    expect(await nomad.drain(NODE_ID, request)).toBe("done");
    const [heard] = server.heard;
    expect(heard).toMatchObject({ method: "POST", token: TOKEN });
    expect(heard?.url.pathname).toBe(`/v1/node/${NODE_ID}/drain`);
    expect(heard?.url.searchParams.get("region")).toBe("eu");
    expect(JSON.parse(heard?.body ?? "")).toEqual({
      DrainSpec: { Deadline: 60_000_000_000, IgnoreSystemJobs: true },
      Meta: { drover: "d1" },
    });
  });

  test("sends no token header when there is no token", async () => {
    const { nomad, server } = await against((_, response) => reply(response, 200, nodeBody()), {
      token: async () => undefined,
    });
    await nomad.node(NODE_ID);
    expect(server.heard[0]?.token).toBeUndefined();
  });
});

describe("words a newer Nomad may have", () => {
  test("a node of unknown status is not down", async () => {
    const { nomad } = await against((_, response) =>
      reply(response, 200, nodeBody({ Status: "hibernating" })),
    );
    expect((await nomad.node(NODE_ID))?.status).toBe("initializing");
  });

  test("an allocation of unknown status has not stopped", async () => {
    const allocation = {
      ID: "b2f3e0a1-0000-4000-8000-000000000000",
      Name: "web.g[0]",
      Namespace: "default",
      JobID: "web",
      TaskGroup: "g",
      ClientStatus: "paused",
      DesiredStatus: "migrate",
      Job: { Type: "service", TaskGroups: null },
    };
    const { nomad } = await against((_, response) => reply(response, 200, [allocation]));
    expect(await nomad.allocations(NODE_ID)).toMatchObject([
      { clientStatus: "unknown", desiredStatus: "run" },
    ]);
  });
});

describe("statuses", () => {
  test.each([
    [400, "Request body is empty", "invalid"],
    [401, "", "denied"],
    [403, "Permission denied", "denied"],
    [404, "", "invalid"],
    [405, "Invalid method", "invalid"],
    [429, "Your IP is issuing too many concurrent connections", "throttled"],
    [500, "No cluster leader", "unavailable"],
    [500, "rpc error: failed to get conn: dial tcp", "unavailable"],
    [500, "can not set node's scheduling eligibility to eligible while it is draining", "invalid"],
    [502, "<html>Bad Gateway</html>", "unavailable"],
    [503, "", "unavailable"],
  ])("%i %s: %s, in words that name the call", async (status, text, kind) => {
    const { nomad } = await against((_, response) => reply(response, status, text), {
      retry: { retries: 0 },
    });
    await expect(nomad.drain(NODE_ID, request)).rejects.toMatchObject({
      name: "PortError",
      system: "nomad",
      kind,
      message: expect.stringContaining(`POST /v1/node/${NODE_ID}/drain: Nomad answered ${status}`),
    });
  });

  test("'node not found' also through a server that forwards to the leader", async () => {
    const { nomad } = await against((_, response) =>
      reply(response, 500, "rpc error: node not found"),
    );
    expect(await nomad.drain(NODE_ID, request)).toBeUndefined();
  });

  test("403 says which policy is missing", async () => {
    const { nomad } = await against((_, response) => reply(response, 403, "Permission denied"));
    await expect(nomad.node(NODE_ID)).rejects.toThrow(
      /node \{ policy = "write" \}, operator \{ policy = "read" \} and namespace "\*" \{ capabilities = \["read-job"\] \}/,
    );
  });

  test("an unreachable address is named, with the setting it comes from", async () => {
    const { nomad, server } = await against((_, response) => reply(response, 200, {}), {
      retry: { retries: 0 },
    });
    await server.close();
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(
        new RegExp(`no answer from ${server.address}: .*ECONNREFUSED.*nomad.address`),
      ),
    });
  });

  test("the token never stands in an error, and long texts are cut", async () => {
    const { nomad } = await against((_, response) =>
      reply(response, 500, `token ${TOKEN} is odd ${"x".repeat(5_000)}`),
    );
    const error: Error = await nomad.drain(NODE_ID, request).catch((error) => error);
    expect(error.message).toContain("token [token] is odd");
    expect(error.message).not.toContain(TOKEN);
    expect(error.message.length).toBeLessThan(400);
  });
});

describe("answers", () => {
  test.each([
    ["a field of the wrong kind", nodeBody({ Status: 7 }), "Status"],
    ["a missing field", nodeBody({ CreateIndex: undefined }), "CreateIndex"],
    ["another value", nodeBody({ SchedulingEligibility: "perhaps" }), "SchedulingEligibility"],
    ["no JSON", "<html>", "it is not JSON"],
  ])("%s: can't be read, and the error names it", async (_, body, named) => {
    const { nomad } = await against((_, response) => reply(response, 200, body));
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining(named),
    });
  });

  test("fields nobody reads may be anything", async () => {
    const body = nodeBody({ NodeResources: 7, New: [1] });
    const { nomad } = await against((_, response) => reply(response, 200, body));
    expect(await nomad.node(NODE_ID)).toMatchObject({ id: NODE_ID, status: "ready" });
  });
});

describe("trying again", () => {
  const busyThenWell: Script = (_, response, number) =>
    number < 3
      ? reply(response, number === 1 ? 429 : 500, "busy")
      : reply(response, 200, nodeBody());

  test.each<[string, (nomad: Nomad) => Promise<unknown>]>([
    ["reads", (nomad) => nomad.node(NODE_ID)],
    ["the eligibility write", (nomad) => nomad.setEligibility(NODE_ID, false)],
  ])("%s get through 429 and 500", async (_, call) => {
    const { nomad, server } = await against(busyThenWell);
    await call(nomad);
    expect(server.heard).toHaveLength(3);
  });

  test.each<[string, (nomad: Nomad) => Promise<unknown>]>([
    ["a drain", (nomad) => nomad.drain(NODE_ID, request)],
    ["a purge", (nomad) => nomad.purge(NODE_ID)],
  ])("%s is asked for once", async (_, call) => {
    const { nomad, server } = await against(busyThenWell);
    await expect(call(nomad)).rejects.toMatchObject({ kind: "throttled" });
    expect(server.heard).toHaveLength(1);
  });

  test("a dropped connection is tried again for reads", async () => {
    const { nomad, server } = await against((_, response, number) => {
      if (number === 1) response.destroy();
      else reply(response, 200, nodeBody());
    });
    expect(await nomad.node(NODE_ID)).toMatchObject({ id: NODE_ID });
    expect(server.heard).toHaveLength(2);
  });

  test("ends after some tries, with the last failure", async () => {
    const { nomad, server } = await against((_, response) =>
      reply(response, 500, "No cluster leader"),
    );
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({ kind: "unavailable" });
    expect(server.heard).toHaveLength(5);
  });

  test("ends when the time for all tries is over", async () => {
    const { nomad } = await against(() => undefined, {
      requestTimeoutSeconds: 60,
      retry: { totalMilliseconds: 300 },
    });
    const start = performance.now();
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({ kind: "unavailable" });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test("a body that stops in the middle is no answer", async () => {
    const { nomad } = await against(
      (_, response) => {
        response.writeHead(200, { "Content-Length": "100" });
        response.write("[");
      },
      { requestTimeoutSeconds: 0.2, retry: { retries: 0 } },
    );
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("no whole answer within 0.2 s"),
    });
  });
});

describe("a rotated token", () => {
  const only =
    (token: string): Script =>
    (heard, response) =>
      heard.token === token
        ? reply(response, 200, nodeBody())
        : reply(response, 403, "Permission denied");

  test("is fetched anew once after a 403", async () => {
    const { nomad, server } = await against(only("fresh"), { refreshToken: async () => "fresh" });
    expect(await nomad.node(NODE_ID)).toMatchObject({ id: NODE_ID });
    expect(server.heard.map(({ token }) => token)).toEqual([TOKEN, "fresh"]);
  });

  test("that is refused too is denied, without further tries", async () => {
    const { nomad, server } = await against(only("another"), { refreshToken: async () => "fresh" });
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({ kind: "denied" });
    expect(server.heard).toHaveLength(2);
  });

  test("that is still the same is not tried again", async () => {
    const { nomad, server } = await against(only("another"), { refreshToken: async () => TOKEN });
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({ kind: "denied" });
    expect(server.heard).toHaveLength(1);
  });
});

describe("seeing all namespaces", () => {
  test("a yes holds for five minutes and one token, a no not at all", async () => {
    let token = "narrow";
    let now = 0;
    const script: Script = (heard, response) =>
      heard.token === "narrow"
        ? reply(response, 403, "Permission denied")
        : reply(response, 404, "job not found");
    const { nomad, server } = await against(script, { token: async () => token, now: () => now });
    expect(await nomad.seesAllNamespaces()).toBe(false);
    expect(await nomad.seesAllNamespaces()).toBe(false);
    token = "wide";
    expect(await nomad.seesAllNamespaces()).toBe(true);
    now = 299_000;
    expect(await nomad.seesAllNamespaces()).toBe(true);
    expect(server.heard).toHaveLength(3);
    now = 301_000;
    expect(await nomad.seesAllNamespaces()).toBe(true);
    expect(server.heard).toHaveLength(4);
    token = "narrow";
    expect(await nomad.seesAllNamespaces()).toBe(false);
  });

  test("is not known while Nomad is away", async () => {
    const { nomad } = await against((_, response) => reply(response, 500, "No cluster leader"));
    await expect(nomad.seesAllNamespaces()).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("what many ask for at once", () => {
  test("is asked for once in 15 s, a pool and a zone each; and again after a failure", async () => {
    let milliseconds = 0;
    let isAway = false;
    const { nomad, server } = await against(
      (_, response) => (isAway ? reply(response, 500, "no") : reply(response, 200, [])),
      { now: () => milliseconds, retry: { retries: 0 } },
    );
    await Promise.all([nomad.recentPool("default"), nomad.recentPool("default")]);
    milliseconds = 14_999;
    await nomad.recentPool("default");
    expect(server.heard).toHaveLength(1);
    await nomad.recentPool("default", "eu-central-1a");
    await nomad.recentPool("gpu");
    expect(server.heard).toHaveLength(3);
    await nomad.pool("default");
    expect(server.heard).toHaveLength(4);
    milliseconds = 15_000;
    isAway = true;
    await expect(nomad.recentPool("default")).rejects.toMatchObject({ kind: "unavailable" });
    isAway = false;
    expect(await nomad.recentPool("default")).toEqual([]);
    expect(server.heard).toHaveLength(6);
  });
});
