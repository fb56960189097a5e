import { beforeAll, describe, expect, test } from "vitest";
import type { Transport } from "../../../lambdas/clients/http/exchange.ts";
import { createNodeTransport } from "../../../lambdas/clients/http/node-transport.ts";
import { createNomadSession } from "../../../lambdas/clients/nomad/nomad-session.ts";
import {
  createVariableMirrors,
  type VariableMirrors,
} from "../../../lambdas/clients/nomad/rotate/variable.ts";
import { type Cluster, operator } from "./cluster.ts";
import { sessionOf } from "./nomad-rotation.ts";

const PLACE = { path: "nomad/jobs/web", namespace: "default" };
const URL_PATH = `/v1/var/${PLACE.path}`;
const VALUE = { token: "s3cr3t-1", accessor: "accessor-1" };
const denied = { name: "PortError", system: "nomad", kind: "denied" };

/** What a rotation relies on that writes its value to a variable. */
export function nomadVariableContract(cluster: () => Cluster): void {
  describe("a variable with a value that is rotated", () => {
    let mirrors: VariableMirrors;
    beforeAll(async () => {
      mirrors = createVariableMirrors(sessionOf(cluster(), await cluster().createToken("keys")));
    });

    async function asOperator(path = URL_PATH) {
      const found = await operator(cluster(), "GET", path);
      return found as { Items: unknown; ModifyIndex: number };
    }

    test("is made where there is none, and written only if it holds something else", async () => {
      await mirrors.put(PLACE, VALUE);
      const { Items, ModifyIndex } = await asOperator();
      expect(Items).toEqual(VALUE);
      await mirrors.put(PLACE, { accessor: VALUE.accessor, token: VALUE.token });
      expect((await asOperator()).ModifyIndex).toBe(ModifyIndex);
      await mirrors.put(PLACE, { token: "s3cr3t-2" });
      expect((await asOperator()).Items).toEqual({ token: "s3cr3t-2" });
    });

    test("is not written over what somebody else has written since it was read", async () => {
      await mirrors.put(PLACE, VALUE);
      const others = { token: "s3cr3t-of-another" };
      let meanwhile = () => operator(cluster(), "PUT", URL_PATH, { Items: others });
      const late = createVariableMirrors(
        createNomadSession({
          address: cluster().address,
          token: async () => cluster().managementToken,
          transport: beforeEachPut(cluster().address, () => meanwhile()),
        }),
      );
      const error: unknown = await late.put(PLACE, { token: "s3cr3t-3" }).catch((error) => error);
      expect(error).toMatchObject({ name: "PortError", system: "nomad", kind: "unavailable" });
      expect(`${error}`).toContain("somebody else has written it");
      expect(`${error}`).not.toContain("s3cr3t");
      expect((await asOperator()).Items).toEqual(others);
      meanwhile = async () => undefined;
      await late.put(PLACE, { token: "s3cr3t-3" });
      expect((await asOperator()).Items).toEqual({ token: "s3cr3t-3" });
    });

    test("is for those that may read and write it, in its namespace", async () => {
      const other = createVariableMirrors(
        sessionOf(cluster(), await cluster().createToken("everywhere")),
      );
      const message = expect.stringContaining('variables { path "…" { capabilities');
      await expect(other.put(PLACE, VALUE)).rejects.toMatchObject({ ...denied, message });
      const elsewhere = { ...PLACE, namespace: "elsewhere" };
      await expect(mirrors.put(elsewhere, VALUE)).rejects.toMatchObject(denied);
      const writer = createVariableMirrors(
        sessionOf(cluster(), await cluster().createToken("writing-variables")),
      );
      await expect(writer.put(PLACE, VALUE)).rejects.toMatchObject(denied);
      const managing = createVariableMirrors(sessionOf(cluster()));
      await managing.put(elsewhere, VALUE);
      expect((await asOperator(`${URL_PATH}?namespace=elsewhere`)).Items).toEqual(VALUE);
    });

    test("is refused where Nomad keeps paths for itself, and with more than it takes", async () => {
      const managing = createVariableMirrors(sessionOf(cluster()));
      const invalid = { system: "nomad", kind: "invalid" };
      for (const path of ["nomad", "nomad/web"]) {
        await expect(managing.put({ ...PLACE, path }, VALUE)).rejects.toMatchObject(invalid);
      }
      const long = { token: "s3cr3t".repeat(11_000) };
      await expect(managing.put(PLACE, long)).rejects.toMatchObject({
        ...invalid,
        message: expect.stringContaining("64KiB"),
      });
    });
  });
}

/** Something happens before each PUT arrives. */
function beforeEachPut(address: string, act: () => Promise<unknown>): Transport {
  const transport = createNodeTransport({ address, requestTimeoutSeconds: 5, maxSockets: 1 });
  return {
    ...transport,
    async send(request, timeoutMilliseconds) {
      if (request.method === "PUT") await act();
      return transport.send(request, timeoutMilliseconds);
    },
  };
}
