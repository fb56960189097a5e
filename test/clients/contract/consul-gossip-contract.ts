import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fingerprintOf } from "../../../lambdas/clients/gossip/gossip-key.ts";
import { PortError } from "../../../lambdas/domain/ports/errors.ts";
import type { Kind, Value } from "../../../lambdas/domain/rotate/kind.ts";
import {
  type ConsulCluster,
  consulOperator,
  FIRST_GOSSIP_KEY,
  serfHealth,
} from "./consul-cluster.ts";
import { gossipKind, newAttempt } from "./consul-rotation.ts";

const PATIENCE_MILLISECONDS = 90_000;
const AGENTS = ["gossip-1", "gossip-2"];

interface ListedPool {
  readonly NumNodes: number;
  readonly PrimaryKeys: Readonly<Record<string, number>>;
}

/** What the rotation of the gossip key relies on. */
export function consulGossipContract(cluster: () => ConsulCluster): void {
  describe("the gossip key", () => {
    let kind: Kind;
    /** What the secret holds. */
    let current: Value = { token: FIRST_GOSSIP_KEY };

    function pools(): Promise<ListedPool[]> {
      return consulOperator(cluster(), "GET", "/v1/operator/keyring") as Promise<ListedPool[]>;
    }

    /** A member may miss what it is asked, on a busy machine: as a rotation does, it is asked again. */
    function done(step: () => Promise<string | undefined> | undefined): Promise<void> {
      return cluster().until(async () => (await step()) === undefined, 30);
    }

    async function everybodyAnswers(): Promise<boolean> {
      return kind.identify(current).then(
        () => true,
        (error: unknown) => {
          if (error instanceof PortError && error.kind === "unavailable") return false;
          throw error;
        },
      );
    }

    async function choose(): Promise<Value & { readonly key: string }> {
      const chosen = await kind.choose?.(newAttempt());
      return { ...chosen, key: chosen?.key ?? "" };
    }

    beforeAll(async () => {
      kind = await gossipKind(cluster());
      for (const name of AGENTS) {
        await cluster().startAgent({ name });
        await cluster().until(async () => (await serfHealth(cluster(), name)) === "passing", 30);
      }
    }, PATIENCE_MILLISECONDS);

    // Those that other tests have ended count until Serf takes them for failed.
    beforeEach(() => cluster().until(everybodyAnswers, 60), PATIENCE_MILLISECONDS);

    test("is another one after a rotation, with all members at each step", async () => {
      const chosen = await choose();
      expect(Buffer.from(chosen.key, "base64")).toHaveLength(32);
      const { value, accessor } = await kind.mint(newAttempt(), current, chosen);
      expect(value).toEqual({ key: chosen.key });
      expect(accessor).toBe(fingerprintOf(chosen.key));
      expect(await kind.identify(value)).toBeUndefined();
      expect(await kind.test(value)).toMatchObject({
        works: false,
        why: expect.stringContaining("members of the LAN of dc1 lack it"),
      });

      await done(() => kind.introduce?.(value));
      await done(() => kind.introduce?.(value));
      expect(await kind.test(value)).toEqual({ works: true });
      expect(await kind.identify(value)).toEqual({ accessor });

      const old = fingerprintOf(FIRST_GOSSIP_KEY);
      await expect(kind.revoke(old)).rejects.toMatchObject({
        system: "consul",
        kind: "invalid",
        message: expect.stringContaining("members of the LAN of dc1 encrypt with it"),
      });
      expect(await kind.lookUp(old)).toEqual({ accessor: old });

      await done(() => kind.use?.(value));
      await done(() => kind.use?.(value));
      for (const { NumNodes, PrimaryKeys } of await pools()) {
        expect(PrimaryKeys).toEqual({ [chosen.key]: NumNodes });
      }
      await kind.revoke(old);
      expect(await kind.lookUp(old)).toBeUndefined();
      await kind.revoke(old);
      expect(await kind.test(value)).toEqual({ works: true });
      current = value;
    });

    test("is taken back: the one before is used again, and the new one goes", async () => {
      const chosen = await choose();
      const { value, accessor } = await kind.mint(newAttempt(), current, chosen);
      await done(() => kind.introduce?.(value));
      await done(() => kind.use?.(value));
      await done(() => kind.use?.(current));
      await kind.revoke(accessor);
      expect(await kind.lookUp(accessor)).toBeUndefined();
      expect(await kind.test(current)).toEqual({ works: true });
    });

    test(
      "is introduced to a member that joined in between, before it is used",
      async () => {
        const { value } = await kind.mint(newAttempt(), current, await choose());
        await done(() => kind.introduce?.(value));
        await cluster().startAgent({ name: "gossip-3", gossipKey: current.key ?? "" });
        await cluster().until(
          async () => (await serfHealth(cluster(), "gossip-3")) === "passing",
          30,
        );
        // Serf may have told it of the key already: what it asks members is told to newcomers for a while.
        await done(() => kind.use?.(value));
        await kind.revoke(fingerprintOf(current.key ?? ""));
        expect(await kind.test(value)).toEqual({ works: true });
        current = value;
      },
      PATIENCE_MILLISECONDS,
    );

    test("is not made beside one that no member has", async () => {
      const foreign = { key: Buffer.alloc(32, "foreign").toString("base64") };
      const minting = kind.mint(newAttempt(), foreign, await choose());
      const message = expect.stringContaining(fingerprintOf(foreign.key));
      await expect(minting).rejects.toMatchObject({ kind: "invalid", message });
    });

    test("needs keyring:write, which operator rules don't give", async () => {
      const reader = await gossipKind(cluster(), "reader");
      const denied = {
        system: "consul",
        kind: "denied",
        message: expect.stringContaining('keyring = "write"'),
      };
      await expect(reader.identify(current)).rejects.toMatchObject(denied);
      await expect(reader.introduce?.(await choose())).rejects.toMatchObject(denied);
      await expect(reader.use?.(current)).rejects.toMatchObject(denied);
      await expect(reader.revoke("0")).rejects.toMatchObject(denied);
    });

    test(
      "waits for a member that does not answer, until it counts as failed",
      async () => {
        const { value } = await kind.mint(newAttempt(), current, await choose());
        await cluster().killAgent("gossip-2");
        expect(await kind.introduce?.(value)).toContain("nodes reported success");
        await cluster().until(async () => (await kind.introduce?.(value)) === undefined, 60);
        expect(await kind.test(value)).toEqual({ works: true });
      },
      PATIENCE_MILLISECONDS,
    );
  });
}
