import { beforeAll, describe, expect, test } from "vitest";
import type { Kind } from "../../../lambdas/domain/rotate/kind.ts";
import { expectDeadAfterAMinute, expectDeadOnceRevoked } from "./acl-token-end.ts";
import { type Cluster, operator } from "./cluster.ts";
import { newAttempt, sessionOf, tokenKind } from "./nomad-rotation.ts";

const UNKNOWN = "99999999-9999-4999-8999-999999999999";
const denied = { name: "PortError", system: "nomad", kind: "denied" };

/** What the rotation of ACL tokens relies on. */
export function nomadAclTokenContract(cluster: () => Cluster): void {
  describe("an ACL token that is rotated", () => {
    let current: string;
    let kind: Kind;
    beforeAll(async () => {
      current = await cluster().createRotated();
      kind = tokenKind(cluster());
    });

    async function asOperator(accessor: string): Promise<Record<string, unknown>> {
      const found = await operator(cluster(), "GET", `/v1/acl/token/${accessor}`);
      return found as Record<string, unknown>;
    }

    test("has all that the current one has", async () => {
      const attempt = newAttempt();
      const before = await kind.identify({ token: current });
      const { value, accessor, createdAt } = await kind.mint(attempt, { token: current });
      const { Type, Policies, Roles, Global } = await asOperator(before?.accessor ?? "");
      expect(Policies).toHaveLength(1);
      expect(Roles).toHaveLength(1);
      expect(await asOperator(accessor)).toMatchObject({
        SecretID: value.token,
        Name: `drover test nomad-token ${attempt}`,
        Type,
        Policies,
        Roles,
        Global,
        ExpirationTime: null,
      });
      expect(value.token).not.toBe(current);
      const standing = { accessor, createdAt };
      expect(value.accessor).toBe(accessor);
      expect(await kind.identify(value)).toEqual(standing);
      expect(await kind.lookUp(accessor)).toEqual(standing);
    });

    test("manages if the current one does", async () => {
      const { value } = await kind.mint(newAttempt(), { token: cluster().managementToken });
      const own = tokenKind(cluster(), {}, sessionOf(cluster(), value.token));
      const next = await own.mint(newAttempt(), value);
      // One token may end itself.
      await own.revoke(value.accessor ?? "");
      await expect(own.lookUp(next.accessor)).rejects.toMatchObject(denied);
      await kind.revoke(next.accessor);
    });

    test("is found by the attempt that made it, each of them", async () => {
      const attempt = newAttempt();
      expect(await kind.madeFor(attempt)).toEqual([]);
      const made = [
        await kind.mint(attempt, { token: current }),
        await kind.mint(attempt, { token: current }),
      ];
      const accessors = made.map(({ accessor }) => accessor).sort();
      expect([...(await kind.madeFor(attempt))].sort()).toEqual(accessors);
      expect(await kind.madeFor()).toEqual(expect.arrayContaining(accessors));
      expect(await kind.madeFor(newAttempt())).toEqual([]);
    });

    test("is dead once it is revoked, and the current one lives", async () => {
      const minted = await kind.mint(newAttempt(), { token: current });
      await expectDeadOnceRevoked(kind, minted, current);
    });

    test("is dead once its time is over", { timeout: 90_000 }, async () => {
      const brief = tokenKind(cluster(), { ttlSeconds: 60 });
      const minted = await brief.mint(newAttempt(), { token: current });
      await expectDeadAfterAMinute(brief, minted, (...so) => cluster().until(...so));
      const { value, accessor } = minted;
      // Drover's own that has run out is fetched anew: that is what denied means.
      const own = tokenKind(cluster(), {}, sessionOf(cluster(), value.token));
      await expect(own.lookUp(accessor)).rejects.toMatchObject(denied);
    });

    test("can't be made after one that is dead, or none", async () => {
      await expect(kind.mint(newAttempt(), { token: UNKNOWN })).rejects.toMatchObject({
        system: "nomad",
        kind: "invalid",
        message: expect.stringContaining("put one into it that lives"),
      });
      const noToken = { kind: "invalid", message: expect.stringContaining("no field token") };
      await expect(kind.mint(newAttempt(), {})).rejects.toMatchObject(noToken);
      const noSecret = { kind: "invalid", message: expect.stringContaining("secret id") };
      await expect(kind.identify({ token: "eyJhbGci" })).rejects.toMatchObject(noSecret);
    });

    test("works when it reads what it is to read", async () => {
      const reads = tokenKind(cluster(), { testPath: "/v1/nodes" });
      const { value } = await reads.mint(newAttempt(), { token: current });
      expect(await reads.test(value)).toEqual({ works: true });
      const more = tokenKind(cluster(), { testPath: "/v1/acl/tokens" });
      const trial = await more.test(value);
      expect(trial).toMatchObject({
        works: false,
        why: expect.stringContaining("GET /v1/acl/tokens"),
      });
      expect(JSON.stringify(trial)).not.toContain(value.token);
    });

    test("is made, looked at and revoked by those that manage alone", async () => {
      const { value, accessor } = await kind.mint(newAttempt(), { token: current });
      const poor = await cluster().createToken("everywhere");
      const other = tokenKind(cluster(), {}, sessionOf(cluster(), poor));
      await expect(other.mint(newAttempt(), value)).rejects.toMatchObject({
        ...denied,
        message: expect.stringContaining("a management token"),
      });
      await expect(other.madeFor(newAttempt())).rejects.toMatchObject(denied);
      await expect(other.lookUp(accessor)).rejects.toMatchObject(denied);
      await expect(other.lookUp(UNKNOWN)).rejects.toMatchObject(denied);
      await expect(other.revoke(accessor)).rejects.toMatchObject(denied);
      // That takes no permission.
      expect(await other.identify(value)).toMatchObject({ accessor });
    });
  });
}
