import type { X509Certificate } from "node:crypto";
import { expect } from "vitest";
import { vaultCaKind } from "../../../lambdas/clients/vault/rotate/ca-kind.ts";
import { readCertificates } from "../../../lambdas/clients/vault/rotate/certificate.ts";
import { Rotation } from "../../../lambdas/contracts/config/rotate.ts";
import type { Issuing, Kind, Minted, Value } from "../../../lambdas/domain/rotate/kind.ts";
import { PARENT_MOUNT, ROTATED_PKI_ROLE } from "../../../local/vault/rotation-setup.ts";
import { asRoot, newAttempt, sessionOf } from "./vault-rotation.ts";
import { call, type VaultServer } from "./vault-server.ts";

export const YEAR = 365 * 86_400;
export const WORKS = { works: true };
export const INVALID = { name: "PortError", system: "vault", kind: "invalid" };
/** The settings of a CA that another engine signs. */
export const INTERMEDIATE = { parent: { mount: PARENT_MOUNT } };

export type CaKind = Kind & { readonly issuing: Issuing };

/** What a test does with the CAs of a server's engine. */
export function authorities(server: () => VaultServer) {
  const root = (method: "GET" | "POST", path: string, body?: unknown) =>
    asRoot(server(), method, path, body);

  const defaultId = async (): Promise<string> =>
    (await root("GET", "pki/config/issuers")).body.data.default;

  /** What an operator has put into the secret first: the CA that issues. */
  async function first(): Promise<Value> {
    const { body } = await root("GET", `pki/issuer/${await defaultId()}`);
    return { ca: body.data.certificate };
  }

  return {
    root,
    defaultId,
    first,
    remove: (path: string) => call(server(), "DELETE", path, { token: server().rootToken }),

    /** Drover's strategy for the CAs of an engine. */
    caKind(
      settings: Readonly<Record<string, unknown>> = {},
      who: keyof VaultServer["users"] = "rotate",
    ): CaKind {
      const rotation = Rotation.parse({
        kind: "vault-ca",
        name: "nomad-ca",
        secret: "nomad/ca",
        commonName: "Nomad agents",
        ttlSeconds: YEAR,
        role: ROTATED_PKI_ROLE,
        testName: "test.nomad",
        everySeconds: 86_400,
        ...settings,
      });
      if (rotation.kind !== "vault-ca") throw new Error("another kind");
      const { clock } = server();
      const session = sessionOf(server(), who);
      const made = vaultCaKind({ session, rotation, deployment: "contract", clock });
      const { issuing, ...kind } = made;
      if (!issuing) throw new Error("a CA issues");
      return { ...kind, issuing };
    },

    async make(kind: Kind, attempt = newAttempt()): Promise<Minted> {
      return kind.mint(attempt, await first());
    },
  };
}

/** The CAs that a value says are to be trusted. */
export function bundle({ ca = "" }: Value): X509Certificate[] {
  return readCertificates(ca);
}

export function own({ value }: Minted): X509Certificate {
  return bundle(value)[0] ?? expect.fail("there is no CA");
}

/** What is wrong with a value, as its test says. */
export async function why(kind: Kind, value: Value): Promise<string | undefined> {
  const trial = await kind.test(value);
  return trial.works ? undefined : trial.why;
}
