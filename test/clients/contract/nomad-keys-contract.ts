import { beforeAll, describe, expect, test } from "vitest";
import { fingerprintOf } from "../../../lambdas/clients/gossip/gossip-key.ts";
import { nomadRootKey } from "../../../lambdas/clients/nomad/rotate/root-key.ts";
import type { Kind } from "../../../lambdas/domain/rotate/kind.ts";
import type { Cluster } from "./cluster.ts";
import { gossipKind, newAttempt, sessionOf } from "./nomad-rotation.ts";

const denied = { name: "PortError", system: "nomad", kind: "denied" };
const NOT_TESTED = "\n*** NOT TESTED: the gossip key of a Nomad that was not started here\n";

/** What the rotation of the keys relies on that Nomad's servers keep. */
export function nomadKeysContract(cluster: () => Cluster): void {
  describe("keys of the servers", () => {
    let keys: string;
    beforeAll(async () => {
      keys = await cluster().createToken("keys");
    });

    async function choose(kind: Kind) {
      const { key = "" } = (await kind.choose?.(newAttempt())) ?? {};
      return { key };
    }

    test("the gossip key is another one after a rotation, with all members at each step", async () => {
      const { gossipKey } = cluster();
      if (!gossipKey) return console.warn(NOT_TESTED);
      const kind = gossipKind(cluster(), keys);
      const current = { token: gossipKey };
      const chosen = await choose(kind);
      const { value, accessor } = await kind.mint(newAttempt(), current, chosen);
      expect(accessor).toBe(fingerprintOf(chosen.key));
      expect(await kind.identify(value)).toBeUndefined();
      expect(await kind.test(value)).toMatchObject({
        works: false,
        why: expect.stringContaining("1 of 1 members of Nomad's servers lack it"),
      });

      expect(await kind.introduce?.(value)).toBeUndefined();
      expect(await kind.introduce?.(value)).toBeUndefined();
      expect(await kind.test(value)).toEqual({ works: true });
      expect(await kind.identify(value)).toEqual({ accessor });

      const old = fingerprintOf(gossipKey);
      await expect(kind.revoke(old)).rejects.toMatchObject({
        kind: "unavailable",
        message: expect.stringContaining("nodes reported failure"),
      });
      expect(await kind.lookUp(old)).toEqual({ accessor: old });

      expect(await kind.use?.(value)).toBeUndefined();
      expect(await kind.use?.(value)).toBeUndefined();
      await kind.revoke(old);
      expect(await kind.lookUp(old)).toBeUndefined();
      await kind.revoke(old);
      expect(await kind.test(value)).toEqual({ works: true });

      const next = await kind.mint(newAttempt(), value, await choose(kind));
      await kind.introduce?.(next.value);
      await kind.use?.(next.value);
      // Taken back.
      expect(await kind.use?.(value)).toBeUndefined();
      await kind.revoke(next.accessor);
      expect(await kind.lookUp(next.accessor)).toBeUndefined();

      const foreign = kind.mint(newAttempt(), current, await choose(kind));
      const message = expect.stringContaining(fingerprintOf(gossipKey));
      await expect(foreign).rejects.toMatchObject({ kind: "invalid", message });
    });

    test("the gossip key is for those that may write agents", async () => {
      const kind = gossipKind(cluster(), await cluster().createToken("everywhere"));
      const missing = { ...denied, message: expect.stringContaining('agent { policy = "write" }') };
      await expect(kind.lookUp("0")).rejects.toMatchObject(missing);
      await expect(kind.introduce?.(await choose(kind))).rejects.toMatchObject(missing);
      await expect(kind.revoke("0")).rejects.toMatchObject(missing);
    });

    test("the root key is another one after a rotation", async () => {
      const key = nomadRootKey(sessionOf(cluster(), keys));
      const before = await key.newest();
      expect(await key.newest()).toEqual(before);
      await key.rotate();
      const after = await key.newest();
      expect(after.id).not.toBe(before.id);
      expect(after.createdAt.getTime()).toBeGreaterThanOrEqual(before.createdAt.getTime());
      const age = cluster().now().getTime() - after.createdAt.getTime();
      expect(Math.abs(age)).toBeLessThan(60_000);
    });

    test("the root key is for those that may write what operators do", async () => {
      const key = nomadRootKey(sessionOf(cluster(), await cluster().createToken("everywhere")));
      const missing = {
        ...denied,
        message: expect.stringContaining('operator { policy = "write" }'),
      };
      await expect(key.newest()).rejects.toMatchObject(missing);
      await expect(key.rotate()).rejects.toMatchObject(missing);
    });
  });
}
