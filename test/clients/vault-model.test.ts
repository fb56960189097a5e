import { describe, expect, test } from "vitest";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { answer } from "../../local/vault/face/answer.ts";
import { allows, Policy } from "../../local/vault/policy.ts";
import { vaultWorld } from "./vault-world.ts";

const NODE = NodeId.parse("i-00000000000abc000");

describe("policies", () => {
  const may = (text: string, path: string, wrapSeconds = 0) =>
    allows([new Policy(text)], path, "read", wrapSeconds);

  test.each([
    ["the path itself", `path "a/b" { capabilities = ["read"] }`, true],
    ["another path", `path "a/bc" { capabilities = ["read"] }`, false],
    ["its beginning without a star", `path "a/" { capabilities = ["read"] }`, false],
    ["its beginning with a star", `path "a/*" { capabilities = ["read"] }`, true],
    ["a plus for a segment", `path "+/b" { capabilities = ["read"] }`, true],
    ["another capability", `path "a/b" { capabilities = ["update", "list"] }`, false],
    ["deny", `path "a/b" { capabilities = ["read", "deny"] }`, false],
    [
      "deny on a closer path",
      `path "a/*" { capabilities = ["read"] }\npath "a/b" { capabilities = ["deny"] }`,
      false,
    ],
    ["a rule in a comment", `# path "a/b" { capabilities = ["read"] }\npath "c" { }`, false],
  ])("with %s", (_, text, allowed) => {
    expect(may(text, "a/b")).toBe(allowed);
  });

  test("a wrapping that is demanded has to be as long as they say", () => {
    const text = `path "a" {\n capabilities = ["read"]\n min_wrapping_ttl = "1m"\n max_wrapping_ttl = "1h" }`;
    expect([0, 59, 60, 3_600, 3_601].filter((seconds) => may(text, "a", seconds))).toEqual([
      60, 3_600,
    ]);
  });
});

describe("trouble", () => {
  test("a secret id whose answer got lost is there, and destroyed like any other", async () => {
    const { model, vault } = vaultWorld();
    await vault.wrapSecretId(NODE, 600);
    model.faults.next("answer-lost");
    await expect(vault.wrapSecretId(NODE, 600)).rejects.toMatchObject({ kind: "unavailable" });
    expect(model.ofNode(NODE).secretIds).toHaveLength(2);
    expect(await vault.destroySecretIds(NODE)).toBe(2);
    expect(model.ofNode(NODE).secretIds).toEqual([]);
  });

  test("a standby says so in its health, and serves all the same", async () => {
    const { model, vault } = vaultWorld();
    model.isStandby = true;
    const health = { method: "GET", url: "/v1/sys/health", headers: {}, body: "" };
    expect((await answer(model, health))?.status).toBe(429);
    await vault.wrapSecretId(NODE, 600);
    expect(model.ofNode(NODE).secretIds).toHaveLength(1);
  });

  test("a standby whose active server is gone answers reads alone", async () => {
    const { model, vault } = vaultWorld();
    await vault.wrapSecretId(NODE, 600);
    model.faults.set("no-active");
    const health = { method: "GET", url: "/v1/sys/health", headers: {}, body: "" };
    expect((await answer(model, health))?.status).toBe(200);
    const unavailable = { system: "vault", kind: "unavailable" };
    await expect(vault.wrapSecretId(NODE, 600)).rejects.toMatchObject(unavailable);
    await expect(vault.destroySecretIds(NODE)).rejects.toMatchObject(unavailable);
    expect(model.ofNode(NODE).secretIds).toHaveLength(1);
  });

  test.each([
    ["away", "unavailable"],
    ["sealed", "unavailable"],
    ["throttled", "throttled"],
    ["denied", "denied"],
  ] as const)("%s is %s, and nothing is done", async (fault, kind) => {
    const { model, vault } = vaultWorld();
    await vault.wrapSecretId(NODE, 600);
    model.faults.set(fault);
    await expect(vault.wrapSecretId(NODE, 600)).rejects.toMatchObject({ system: "vault", kind });
    await expect(vault.destroySecretIds(NODE)).rejects.toMatchObject({ kind });
    await expect(vault.revokeToken(NODE, "any")).rejects.toMatchObject({ kind });
    expect(model.ofNode(NODE).secretIds).toHaveLength(1);
  });
});

test("a wrapping that nobody fetched in time can't be unwrapped, and what it held has expired", async () => {
  const { clock, model, vault } = vaultWorld();
  const { wrappingToken } = await vault.wrapSecretId(NODE, 600);
  await clock.advance(600);
  const url = "/v1/sys/wrapping/unwrap";
  const headers = { "x-vault-token": wrappingToken };
  const late = await answer(model, { method: "POST", url, headers, body: "" });
  expect(late?.status).toBe(400);
  expect(model.ofNode(NODE).secretIds).toEqual([]);
});
