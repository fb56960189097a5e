import { beforeEach, describe, expect, test } from "vitest";
import { vaultWrappings, type Wrapping } from "../../../lambdas/clients/vault/rotate/wrappings.ts";
import { unwrap } from "./vault-node.ts";
import { asRoot, sessionOf } from "./vault-rotation.ts";
import { call, type VaultServer } from "./vault-server.ts";

const WRAP = "sys/wrapping/wrap";
const CONTENT = { role_id: "the role", secret_id: "the secret" };

/** What the delivery of a secret id in a wrapping relies on. */
export function vaultWrappedSecretContract(server: () => VaultServer): void {
  const wrappings = () => vaultWrappings(sessionOf(server()));
  let made: Wrapping;

  beforeEach(async () => {
    made = await wrappings().wrap(CONTENT, 600);
  });

  describe("what Drover wraps", () => {
    test("is what comes out, once, and says what made it", async () => {
      const body = { token: made.token };
      const looked = await call(server(), "POST", "sys/wrapping/lookup", { body });
      expect(looked.body.data).toMatchObject({ creation_path: WRAP, creation_ttl: 600 });
      expect(made.creationPath).toBe(WRAP);
      const opened = await unwrap(server(), made.token);
      expect([opened.status, opened.body.data]).toEqual([200, CONTENT]);
      expect((await unwrap(server(), made.token)).status).toBe(400);
    });

    test("is known by its accessor until it is opened, and is not opened by that", async () => {
      expect(await wrappings().isUnopened(made.accessor)).toBe(true);
      expect(await wrappings().isUnopened(made.accessor)).toBe(true);
      expect((await unwrap(server(), made.token)).status).toBe(200);
      expect(await wrappings().isUnopened(made.accessor)).toBe(false);
    });

    test("is an orphan: it outlives the login that made it, and opens nothing by its accessor", async () => {
      const body = { accessor: made.accessor };
      const { data } = (await asRoot(server(), "POST", "auth/token/lookup-accessor", body)).body;
      expect(data).toMatchObject({
        accessor: made.accessor,
        creation_ttl: 600,
        explicit_max_ttl: 600,
        id: "",
        meta: null,
        num_uses: 1,
        orphan: true,
        path: WRAP,
        policies: ["response-wrapping"],
        renewable: false,
        type: "service",
      });
    });

    test("runs out", async () => {
      const short = await wrappings().wrap(CONTENT, 1);
      await server().wait(2);
      expect(await wrappings().isUnopened(short.accessor)).toBe(false);
      expect((await unwrap(server(), short.token)).status).toBe(400);
    });

    test("asks for a wrapping, and for the policy that docs/ gives Drover", async () => {
      const session = sessionOf(server());
      const token = await session.token();
      const bare = await call(server(), "POST", WRAP, { token, body: CONTENT });
      expect(bare).toEqual({
        status: 400,
        body: { errors: ["endpoint requires response wrapping to be used"] },
      });
      const others = vaultWrappings(sessionOf(server(), "nothing"));
      await expect(others.isUnopened(made.accessor)).rejects.toMatchObject({ kind: "denied" });
    });
  });
}
