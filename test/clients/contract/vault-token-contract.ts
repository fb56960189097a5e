import { describe, expect, test } from "vitest";
import { READABLE_PATH, ROTATED_TOKEN_ROLE } from "../../../local/vault/rotation-setup.ts";
import { asRoot, mint, newAttempt, sessionOf, tokenKind, withToken } from "./vault-rotation.ts";
import { call, type VaultServer } from "./vault-server.ts";

const denied = { name: "PortError", system: "vault", kind: "denied" };
const invalid = { name: "PortError", system: "vault", kind: "invalid" };
const LOOKUP_SELF = "auth/token/lookup-self";

/** What the rotation of tokens relies on. */
export function vaultTokenRotationContract(server: () => VaultServer): void {
  describe("a token that is minted", () => {
    test("is a periodic orphan that says what it was made for", async () => {
      const attempt = newAttempt();
      const minted = await mint(tokenKind(server()), attempt);
      expect(minted).toMatchObject({ lifeSeconds: 3_600, value: { accessor: minted.accessor } });
      const { body } = await withToken(server(), minted, "GET", LOOKUP_SELF);
      expect(body.data).toMatchObject({
        orphan: true,
        type: "service",
        role: ROTATED_TOKEN_ROLE,
        policies: ["default", "user"],
        meta: { drover: "contract", drover_rotation: "nomad-token", drover_attempt: attempt },
        creation_ttl: 3_600,
        renewable: true,
      });
      // The role has the period, not the token.
      expect(body.data).not.toHaveProperty("period");
    });

    test("outlives the login that made it; one that is no orphan does not", async () => {
      await server().addTokenRole("child", { periodSeconds: 3_600, allowedPolicies: ["user"] });
      const session = sessionOf(server(), "everything");
      const orphan = await mint(tokenKind(server(), {}, session));
      const child = await mint(tokenKind(server(), { role: "child" }, session));
      await session.http.send({ method: "POST", path: "/v1/auth/token/revoke-self" });
      const kind = tokenKind(server());
      expect(await kind.lookUp(orphan.accessor)).toMatchObject({ accessor: orphan.accessor });
      expect(await kind.lookUp(child.accessor)).toBeUndefined();
    });

    test("has the policies that are asked for, of those the role allows", async () => {
      const asked = await mint(tokenKind(server(), { policies: ["user"] }));
      const { body } = await withToken(server(), asked, "GET", LOOKUP_SELF);
      expect(body.data.policies).toEqual(["default", "user"]);
      const other = tokenKind(server(), { policies: ["user", "rotate"] });
      await expect(mint(other)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("must be subset of the role's allowed policies"),
      });
    });

    test("is refused by a role that is not there, and without the policy for it", async () => {
      const everybody = sessionOf(server(), "everything");
      await expect(mint(tokenKind(server(), { role: "no" }, everybody))).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("unknown role no"),
      });
      await expect(mint(tokenKind(server(), { role: "no" }))).rejects.toMatchObject({
        ...denied,
        message: expect.stringContaining(
          'path "auth/token/create/no" { capabilities = ["update"] }',
        ),
      });
    });

    test("needs sudo for a period of its own", async () => {
      const session = sessionOf(server(), "everything");
      const path = `/v1/auth/token/create/${ROTATED_TOKEN_ROLE}`;
      const call = { method: "POST", path, body: { period: "2h" } } as const;
      await expect(session.http.send(call)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("sudo privileges required to create periodic token"),
      });
    });
  });

  test("a renewal is seen, and has the token live for another period", async () => {
    const kind = tokenKind(server());
    const minted = await mint(kind);
    const before = await kind.lookUp(minted.accessor);
    await server().wait(2);
    const renewal = await withToken(server(), minted, "POST", "auth/token/renew-self");
    expect(renewal.body.auth).toMatchObject({ lease_duration: 3_600, renewable: true });
    const after = await kind.lookUp(minted.accessor);
    expect(after).toMatchObject({ lifeSeconds: 3_600, createdAt: before?.createdAt });
    const elapsed = (a?: Date, b?: Date) => ((b?.getTime() ?? 0) - (a?.getTime() ?? 0)) / 1_000;
    expect(elapsed(before?.createdAt, after?.renewedAt)).toBeGreaterThanOrEqual(2);
    expect(elapsed(before?.expiresAt, after?.expiresAt)).toBeGreaterThanOrEqual(2);
  });

  test("a token is not renewed when its role has gone, and lives until its end", async () => {
    await server().addTokenRole("going", {
      isOrphan: true,
      periodSeconds: 3_600,
      allowedPolicies: ["user"],
    });
    const kind = tokenKind(server(), { role: "going" }, sessionOf(server(), "everything"));
    const minted = await mint(kind);
    await server().removeTokenRole("going");
    const why =
      'failed to renew entry: original token role "going" could not be found, not renewing';
    expect(await withToken(server(), minted, "POST", "auth/token/renew-self")).toEqual({
      status: 500,
      body: { errors: [`1 error occurred:\n\t* ${why}\n\n`] },
    });
    expect(await kind.identify(minted.value)).toMatchObject({ accessor: minted.accessor });
    expect(await kind.test(minted.value)).toEqual({
      works: false,
      why: "auth/token/roles/going: it is not there: make it",
    });
  });

  describe("what was made for an attempt", () => {
    test("is found among all, while it lives", async () => {
      const kind = tokenKind(server());
      const attempt = newAttempt();
      const two = [await mint(kind, attempt), await mint(kind, attempt)].map((m) => m.accessor);
      await mint(kind);
      await mint(tokenKind(server(), { name: "another" as never }), attempt);
      expect((await kind.madeFor(attempt)).toSorted()).toEqual(two.toSorted());
      expect(await kind.madeFor()).toEqual(expect.arrayContaining([...two]));
      await kind.revoke(two[0] ?? "");
      expect(await kind.madeFor(attempt)).toEqual([two[1]]);
      expect(await kind.madeFor(newAttempt())).toEqual([]);
    });
  });

  describe("revoking", () => {
    test("ends the one, and may be done again", async () => {
      const kind = tokenKind(server(), { testPath: READABLE_PATH });
      const [old, current] = [await mint(kind), await mint(kind)];
      await kind.revoke(old.accessor);
      await kind.revoke(old.accessor);
      await kind.revoke("never-was");
      expect((await withToken(server(), old, "GET", READABLE_PATH)).status).toBe(403);
      expect((await withToken(server(), current, "GET", READABLE_PATH)).status).toBe(200);
    });

    test("ends its children too", async () => {
      const body = { policies: ["everything"], ttl: "1h" };
      const parent = (await asRoot(server(), "POST", "auth/token/create", body)).body.auth;
      const token = parent.client_token;
      const child = (await call(server(), "POST", "auth/token/create", { token, body: {} })).body;
      expect(child.auth).toMatchObject({ orphan: false, policies: ["default", "everything"] });
      const kind = tokenKind(server());
      await kind.revoke(parent.accessor);
      expect(await kind.lookUp(child.auth.accessor)).toBeUndefined();
    });
  });
}
