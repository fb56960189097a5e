import { afterEach, describe, expect, test } from "vitest";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import { NODE_ID } from "../helpers/nomad-bodies.ts";
import { exchange, replay } from "../helpers/nomad-recording.ts";
import { reply, type Script, startScriptedServer } from "../helpers/scripted-server.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function against(script: Script) {
  const server = await startScriptedServer(script);
  const nomad = createNomad({
    address: server.address,
    token: async () => "5ec2e700-0000-4000-8000-000000000000",
    retry: { firstDelayMilliseconds: 0 },
  });
  closers.push(nomad.close, server.close);
  return { nomad, server };
}

describe("an introduction token", () => {
  test("is read as a real Nomad gives it", async () => {
    const recorded = exchange("client-introduction", "introduction token for any name");
    const nomad = createNomad({
      address: "recording:",
      token: async () => undefined,
      transport: replay(recorded),
    });
    const { JWT } = recorded.response.body as { JWT: string };
    expect(await nomad.introductionToken("", "default", 300)).toEqual({ jwt: JWT });
  });

  test.each([
    ["a server before 1.11 has no such path", 404, ""],
    [
      "one of the servers is older",
      500,
      "all servers should be running version 1.11.0-dev or later to use client intro tokens",
    ],
    [
      "the leader is older",
      500,
      "rpc error: rpc: can't find method ACL.CreateClientIntroductionToken",
    ],
  ])("is unsupported when %s", async (_, status, text) => {
    const { nomad, server } = await against((_, response) => reply(response, status, text));
    expect(await nomad.introductionToken("a", "default", 300)).toBe("unsupported");
    expect(server.heard).toHaveLength(1);
  });

  test.each([
    [404, "404 page not found", "invalid"],
    [500, "No cluster leader", "unavailable"],
    [403, "Permission denied", "denied"],
  ])("is an error when a server says %i %s", async (status, text, kind) => {
    const { nomad } = await against((_, response) => reply(response, status, text));
    await expect(nomad.introductionToken("a", "default", 300)).rejects.toMatchObject({ kind });
  });

  test("a path that is not there means no other thing is absent", async () => {
    const { nomad } = await against((_, response) => reply(response, 404, ""));
    await expect(nomad.node(NODE_ID)).rejects.toMatchObject({ kind: "invalid" });
  });
});

describe("a smoke run", () => {
  const job = {
    ID: "smoke/disk",
    Name: "smoke/disk",
    Namespace: "ops",
    Type: "sysbatch",
    Status: "dead",
    Version: 3,
    SubmitTime: 1,
    NomadTokenID: "x",
    Periodic: { Enabled: true },
    ParameterizedJob: { Payload: "required" },
    Constraints: [{ LTarget: "a", RTarget: "b", Operand: "=" }],
    Meta: { owner: "ops" },
    TaskGroups: [{ Name: "g", Count: 5, Tasks: [{ Name: "t" }], RestartPolicy: { Attempts: 1 } }],
  };

  test("is the job without what makes it another kind of job, on the one node, once", async () => {
    const { nomad, server } = await against((heard, response) =>
      reply(response, 200, heard.method === "GET" ? job : {}),
    );
    const run = await nomad.smokeRun({ id: "smoke/disk", namespace: "ops" }, NODE_ID);
    expect(run).toBe(`smoke/disk/drover-${NODE_ID}`);
    const [read, registered] = server.heard;
    expect(read?.url.pathname).toBe("/v1/job/smoke%2Fdisk");
    expect(read?.url.searchParams.get("namespace")).toBe("ops");
    expect(JSON.parse(registered?.body ?? "")).toEqual({
      Job: {
        ID: run,
        Name: run,
        Namespace: "ops",
        Type: "batch",
        Meta: { owner: "ops" },
        Constraints: [
          { LTarget: "a", RTarget: "b", Operand: "=" },
          { LTarget: `\${node.unique.id}`, RTarget: NODE_ID, Operand: "=" },
        ],
        TaskGroups: [
          {
            Name: "g",
            Count: 1,
            Tasks: [{ Name: "t" }],
            RestartPolicy: { Attempts: 1 },
            ReschedulePolicy: { Attempts: 0, Unlimited: false },
          },
        ],
      },
    });
  });

  test("ends by a purge in its namespace", async () => {
    const { nomad, server } = await against((_, response) => reply(response, 200, {}));
    await nomad.endSmokeRun({ id: "smoke/disk", namespace: "ops" }, "smoke/disk/drover-1");
    const [heard] = server.heard;
    expect(`${heard?.method} ${heard?.url.pathname}`).toBe(
      "DELETE /v1/job/smoke%2Fdisk%2Fdrover-1",
    );
    expect(heard?.url.searchParams.toString()).toBe("namespace=ops&purge=true");
  });
});
