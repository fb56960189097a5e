import { beforeEach, describe, expect, test } from "vitest";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import { unwrap } from "./vault-node.ts";
import { call, type VaultServer, vaultOf } from "./vault-server.ts";

const NODE = NodeId.parse("i-0000000000abc0002");
const LOOKUP = "sys/wrapping/lookup";
const UNWRAP = "sys/wrapping/unwrap";
const gone = { status: 400, body: { errors: ["wrapping token is not valid or does not exist"] } };
const unknownCaller = { status: 403, body: { errors: ["permission denied"] } };
const denied = { status: 403, body: { errors: ["1 error occurred:\n\t* permission denied\n\n"] } };

/** Who may look at a wrapping and open it: what the user data has to get right, and what burns one. */
export function vaultWrappingContract(server: () => VaultServer): void {
  let token: string;
  let body: { token: string };
  const wrap = async () => (await vaultOf(server()).vault.wrapSecretId(NODE, 600)).wrappingToken;
  const isThere = async (token: string) =>
    (await call(server(), "POST", LOOKUP, { body: { token } })).status === 200;

  beforeEach(async () => {
    token = await wrap();
    body = { token };
  });

  describe("looking at a wrapping", () => {
    test.each([
      ["header", () => ({ token })],
      ["body", () => ({ body })],
      ["body, beside a token that nobody knows", () => ({ body, token: "s.nobody-knows" })],
    ])("works with its token in the %s, and leaves it as it is", async (_, given) => {
      expect((await call(server(), "POST", LOOKUP, given())).status).toBe(200);
      expect((await unwrap(server(), token)).status).toBe(200);
    });

    test("needs a token", async () => {
      expect(await call(server(), "POST", LOOKUP, { body: {} })).toMatchObject(
        bad("token is empty"),
      );
    });
  });

  describe("unwrapping", () => {
    test("works with the token in the header, beside an empty object or nothing", async () => {
      expect((await call(server(), "POST", UNWRAP, { token, body: {} })).status).toBe(200);
      expect((await call(server(), "POST", UNWRAP, { token: await wrap() })).status).toBe(200);
    });

    test.each([
      ["no token", undefined, unknownCaller],
      ["a token that nobody knows", "s.nobody-knows", unknownCaller],
    ])(
      "with the token in the body and %s in the header is refused, and it stays",
      async (_, header, refusal) => {
        const given = header ? { body, token: header } : { body };
        expect(await call(server(), "POST", UNWRAP, given)).toEqual(refusal);
        expect(await isThere(token)).toBe(true);
      },
    );

    test("with the token in the body works for somebody who has logged in", async () => {
      const caller = await vaultOf(server()).session.token();
      expect((await call(server(), "POST", UNWRAP, { token: caller, body })).status).toBe(200);
      expect(await call(server(), "POST", UNWRAP, { token: caller, body })).toEqual(gone);
    });

    test("says that the wrapping is gone, or never was, before it asks who is there", async () => {
      await unwrap(server(), token);
      expect(await call(server(), "POST", UNWRAP, { body })).toEqual(gone);
      expect(await unwrap(server(), "s.never-was")).toEqual(gone);
      // A token, but no wrapping.
      expect(await unwrap(server(), server().rootToken)).toEqual(gone);
    });

    test("needs a token", async () => {
      expect(await call(server(), "POST", UNWRAP, { body: {} })).toMatchObject(
        bad("token is empty"),
      );
    });

    test.each([
      ["an empty token", "", "empty token in request body"],
      ["a number", 5, "could not decode token in request body"],
    ])("with %s in the body is refused, whatever is in the header", async (_, value, why) => {
      const given = { token, body: { token: value } };
      expect(await call(server(), "POST", UNWRAP, given)).toMatchObject(bad(why));
      expect(await isThere(token)).toBe(true);
    });
  });

  describe("a wrapping token is used up", () => {
    test.each([
      ["as the token of another call", "auth/token/lookup-accessor", { accessor: "none" }],
      ["as the token of a call to nowhere", "nowhere/at-all", {}],
    ])("%s", async (_, path, body) => {
      expect(await call(server(), "POST", path, { token, body })).toEqual(denied);
      expect(await isThere(token)).toBe(false);
    });

    test("by being in header and body at once", async () => {
      expect((await call(server(), "POST", UNWRAP, { token, body })).status).toBe(500);
      expect(await unwrap(server(), token)).toEqual(gone);
    });

    test("by unwrapping another one", async () => {
      const other = await wrap();
      expect((await call(server(), "POST", UNWRAP, { token: other, body })).status).toBe(200);
      expect([await isThere(other), await isThere(token)]).toEqual([false, false]);
    });
  });
}

function bad(why: string) {
  return { status: 403, body: { errors: [`error validating wrapping token: ${why}`] } };
}
