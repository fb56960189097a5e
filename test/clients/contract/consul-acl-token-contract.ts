import { beforeAll, describe, expect, test } from "vitest";
import type { Kind } from "../../../lambdas/domain/rotate/kind.ts";
import { expectDeadAfterAMinute, expectDeadOnceRevoked } from "./acl-token-end.ts";
import { type ConsulCluster, consulOf, consulOperator } from "./consul-cluster.ts";
import { mintAfter, newAttempt, sessionOf, tokenKind } from "./consul-rotation.ts";

const UNKNOWN = "99999999-9999-4999-8999-999999999999";
const AGENT_PATH = "/v1/agent/self";
const denied = { name: "PortError", system: "consul", kind: "denied" };

/** What the rotation of ACL tokens relies on. */
export function consulAclTokenContract(cluster: () => ConsulCluster): void {
  describe("an ACL token that is rotated", () => {
    let current: string;
    let kind: Kind;
    beforeAll(async () => {
      current = await cluster().createRotated();
      kind = tokenKind(sessionOf(cluster(), await cluster().createToken("rotate")));
    });

    function asOperator(accessor: string): Promise<unknown> {
      return consulOperator(cluster(), "GET", `/v1/acl/token/${accessor}`);
    }

    test("is what was chosen, and has all that the current one has", async () => {
      const attempt = newAttempt();
      const chosen = await kind.choose?.(attempt);
      const before = await kind.identify({ token: current });
      const { value, accessor, createdAt, expiresAt } = await kind.mint(
        attempt,
        { token: current },
        chosen,
      );
      expect(value).toEqual(chosen);
      expect(accessor).toBe(chosen?.accessor);
      expect(expiresAt).toBeUndefined();
      const old = await asOperator(before?.accessor ?? "");
      const { Policies, Roles, ServiceIdentities, NodeIdentities, Local } = old as Record<
        string,
        unknown
      >;
      expect(Policies).toHaveLength(1);
      expect(Roles).toHaveLength(1);
      expect(await asOperator(accessor)).toMatchObject({
        SecretID: value.token,
        Description: `drover test consul-token ${attempt}`,
        Policies,
        Roles,
        ServiceIdentities,
        NodeIdentities,
        Local,
      });
      const standing = { accessor, createdAt };
      expect(await kind.identify(value)).toEqual(standing);
      expect(await kind.lookUp(accessor)).toEqual(standing);
      const own = consulOf(cluster(), value.token ?? "");
      await own.registerExternal({
        name: "rotated-1",
        address: "10.0.0.1",
        meta: {},
        services: [],
      });
      await own.deregister("rotated-1");
    });

    test("is made once by an attempt, and found by it", async () => {
      const attempt = newAttempt();
      expect(await kind.madeFor(attempt)).toEqual([]);
      const chosen = await kind.choose?.(attempt);
      const { accessor } = await kind.mint(attempt, { token: current }, chosen);
      expect(await kind.mint(attempt, { token: current }, chosen)).toMatchObject({
        accessor,
        value: chosen,
      });
      expect(await kind.madeFor(attempt)).toEqual([accessor]);
      expect(await kind.madeFor()).toContain(accessor);
      expect(await kind.madeFor(newAttempt())).toEqual([]);
    });

    test("is dead once it is revoked, and the current one lives", async () => {
      await expectDeadOnceRevoked(kind, await mintAfter(kind, current), current);
    });

    test("is dead once its time is over", { timeout: 90_000 }, async () => {
      const brief = tokenKind(sessionOf(cluster(), cluster().managementToken), { ttlSeconds: 60 });
      const minted = await mintAfter(brief, current);
      await expectDeadAfterAMinute(brief, minted, (...so) => cluster().until(...so));
    });

    test("can't be made after one that is dead, for what it may do is unknown", async () => {
      await expect(mintAfter(kind, UNKNOWN)).rejects.toMatchObject({
        system: "consul",
        kind: "invalid",
        message: expect.stringContaining("put one into it that lives"),
      });
      const attempt = newAttempt();
      await expect(kind.mint(attempt, {}, await kind.choose?.(attempt))).rejects.toMatchObject({
        kind: "invalid",
        message: expect.stringContaining("no field token"),
      });
    });

    test("works when it reads what it is to read", async () => {
      const reads = tokenKind(sessionOf(cluster(), await cluster().createToken("rotate")), {
        testPath: AGENT_PATH,
      });
      const { value } = await mintAfter(reads, current);
      expect(await reads.test(value)).toEqual({ works: true });
      const poor = await mintAfter(reads, await cluster().createToken("nothing"));
      const trial = await reads.test(poor.value);
      expect(trial).toMatchObject({
        works: false,
        why: expect.stringContaining(`GET ${AGENT_PATH}`),
      });
      expect(JSON.stringify(trial)).not.toContain(poor.value.token);
    });

    test("is made, looked at and revoked with acl:write alone", async () => {
      const { value, accessor } = await mintAfter(kind, current);
      const reader = tokenKind(sessionOf(cluster(), await cluster().createToken("nothing")));
      await expect(mintAfter(reader, current)).rejects.toMatchObject({
        ...denied,
        message: expect.stringContaining('acl = "write"'),
      });
      await expect(reader.madeFor(newAttempt())).rejects.toMatchObject(denied);
      await expect(reader.lookUp(accessor)).rejects.toMatchObject(denied);
      await expect(reader.revoke(accessor)).rejects.toMatchObject(denied);
      // That takes no permission.
      expect(await reader.identify(value)).toMatchObject({ accessor });
    });

    test("that is Drover's own is revoked with the one that follows it", async () => {
      let own = await cluster().createToken("rotate");
      const first = sessionOf(cluster(), own);
      const second = await mintAfter(tokenKind(first), own);
      const before = await tokenKind(first).identify({ token: own });
      await expect(tokenKind(first).revoke(before?.accessor ?? "")).rejects.toMatchObject(denied);
      own = second.value.token ?? "";
      const after = tokenKind(sessionOf(cluster(), own));
      await after.revoke(before?.accessor ?? "");
      expect(await after.lookUp(before?.accessor ?? "")).toBeUndefined();
    });
  });
}
