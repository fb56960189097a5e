import { describe, expect, it } from "vitest";
import { watchedIn } from "../../lambdas/contracts/config/watched.ts";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { testConfig } from "../helpers/config.ts";
import { sampleConfig } from "../infra/samples.ts";

const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const SECRET = "drover/nomad-token";
const ROTATED = { kind: "nomad-token", name: "own", startedBy: "schedule" } as const;

const fieldsIn = (sections: Partial<ConfigInput>) =>
  watchedIn(testConfig(sections)).map(({ kind, fields }) => [kind, ...fields]);

describe("what is watched of a configuration", () => {
  it("is every secret that lets Drover in, and every CA, in the example with all fields", () => {
    const found = watchedIn(sampleConfig()).map(({ kind, fields }) => [kind, ...fields]);
    const edge = "rotate.of (edge-backup-token).server";
    expect(found).toEqual([
      ["nomad-token", "nomad.tokenSecret"],
      ["client-certificate", "nomad.tls.clientCertificateSecret"],
      ["ca", "nomad.tls.ca", "consul.tls.ca", `${edge}.tls.ca`],
      ["consul-token", "rotate.consul.tokenSecret"],
      ["vault-secret-id", `${edge}.login.secret`],
    ]);
  });

  it("is a login of each method that has a secret, for the functions and for rotation", () => {
    const login = { method: "jwt", role: "drover", jwtSecret: "jwt" } as const;
    const tls = { ca: CA, clientCertificateSecret: "vault/certificate" };
    const vault = { address: "https://vault:8200", login, tls };
    const rotate = { vault: { login: { method: "approle", secret: "approle" } } } as const;
    expect(fieldsIn({ vault, rotate }).slice(1)).toEqual([
      ["jwt", "vault.login.jwtSecret"],
      ["vault-secret-id", "rotate.vault.login.secret"],
      ["client-certificate", "vault.tls.clientCertificateSecret"],
      ["ca", "vault.tls.ca"],
    ]);
  });

  it("is nothing of a section that is not there, and no token that Vault gives", () => {
    const nomad = { address: "https://nomad:4646", tokenFromVault: { role: "drover" } };
    const login = { method: "aws", role: "drover" } as const;
    const vault = { address: "https://vault:8200", login };
    const rotate = { consul: { tokenSecret: "consul" } };
    expect(fieldsIn({ nomad, vault, rotate })).toEqual([]);
  });

  it.each([
    ["its name", SECRET],
    ["its ARN", `arn:aws:secretsmanager:eu-central-1:111111111111:secret:${SECRET}-AbCdEf`],
  ])("is not what a rotation renews, by %s", (_by, secret) => {
    expect(fieldsIn({ rotate: { of: [{ ...ROTATED, secret }] } })).toEqual([]);
  });

  it("is a secret of the same name in another account", () => {
    const secret = `arn:aws:secretsmanager:eu-central-1:222222222222:secret:${SECRET}-AbCdEf`;
    expect(fieldsIn({ rotate: { of: [{ ...ROTATED, secret }] } })).toEqual([
      ["nomad-token", "nomad.tokenSecret"],
    ]);
  });

  it("is one secret id for each Vault that it is shown to", () => {
    const login = { method: "approle", secret: "approle" } as const;
    const vault = { address: "https://vault:8200", login };
    const server = { address: "https://other:8200", login };
    const of = [{ kind: "vault-token", name: "other", role: "r", secret: "s", server }] as const;
    expect(fieldsIn({ vault, rotate: { vault: { login }, of: [...of] } }).slice(1)).toEqual([
      ["vault-secret-id", "vault.login.secret", "rotate.vault.login.secret"],
      ["vault-secret-id", "rotate.of (other).server.login.secret"],
    ]);
  });
});
