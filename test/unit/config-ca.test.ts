import { describe, expect, it } from "vitest";
import { issuedBy } from "../../lambdas/contracts/config/issued-by.ts";
import { ConfigError, type ConfigInput } from "../../lambdas/contracts/config.ts";
import { testConfig } from "../helpers/config.ts";

const DAY = 86_400;
const login = { method: "approle", secret: "vault/login" } as const;
const vault = { address: "https://vault:8200", login };
const other = { ...vault, address: "https://other:8200" };
const CA = {
  ...{ kind: "vault-ca", name: "ca", secret: "ca", commonName: "Nomad agents" },
  ...{ role: "nomad", testName: "test.nomad", everySeconds: 90 * DAY, ttlSeconds: 270 * DAY },
};
const leaf = (name: string, more: object = {}) => ({
  ...{ kind: "vault-certificate", name, secret: name, role: "nomad", commonName: "a.nomad" },
  ...more,
});

function complaints(...of: object[]): string[] {
  try {
    testConfig({ vault, rotate: { of } } as Partial<ConfigInput>);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").slice(1);
  }
  return [];
}

describe("the certificates of a CA", () => {
  it("are those of the same engine of the same server", () => {
    const config = testConfig({
      vault,
      rotate: {
        of: [
          CA,
          leaf("same"),
          leaf("spelt-out", { server: { ...vault, address: "https://vault:8200/" } }),
          leaf("other-engine", { mount: "pki-jobs" }),
          leaf("other-server", { server: other }),
          leaf("other-namespace", { server: { ...vault, namespace: "team" } }),
        ],
      },
    } as Partial<ConfigInput>);
    const [ca, same] = config.rotate?.of ?? [];
    if (!ca || !same) throw new Error("they are configured");
    expect(issuedBy(ca, config).map(({ name }) => name)).toEqual(["same", "spelt-out"]);
    expect(issuedBy(same, config)).toEqual([]);
  });

  it("are rotated twice, and graceSeconds over, before the CA is due again", () => {
    const rare = leaf("rare", { everySeconds: 45 * DAY });
    expect(complaints(CA, leaf("one", { everySeconds: 44 * DAY }))).toEqual([]);
    expect(complaints(CA, leaf("one"), rare)).toEqual([
      "  rotate.of.0.everySeconds: must be longer than twice the everySeconds of rare (3888000), and graceSeconds: " +
        "a CA is replaced when its certificates have been rotated twice. Raise it, or lower that",
    ]);
    expect(complaints({ ...CA, graceSeconds: 31 * DAY }, leaf("one"))).toEqual([
      expect.stringContaining("rotate.of.0.everySeconds: must be longer than twice"),
    ]);
    expect(complaints(CA, { ...rare, mount: "pki-jobs" })).toEqual([]);
  });
});

describe("a CA", () => {
  it("lives three times as long as from one to the next", () => {
    expect(complaints({ ...CA, ttlSeconds: 269 * DAY })).toEqual([
      "  rotate.of.0.ttlSeconds: must be at least 3 times everySeconds: what it issues last has to end before it does",
    ]);
  });

  it("has a key that an engine makes", () => {
    expect(complaints({ ...CA, keyBits: 384 })).toEqual([]);
    expect(complaints({ ...CA, keyType: "rsa", keyBits: 4_096 })).toEqual([]);
    expect(complaints({ ...CA, keyType: "rsa", keyBits: 384 })).toEqual([
      "  rotate.of.0.keyBits: must be one of 2048, 3072, 4096, 8192 with keyType rsa",
    ]);
  });

  it("is signed by another engine than its own", () => {
    expect(complaints({ ...CA, parent: { mount: "pki-root" } })).toEqual([]);
    expect(complaints({ ...CA, parent: { mount: "pki" } })).toEqual([
      "  rotate.of.0.parent: must be another engine: the default issuer of this one is what is replaced",
    ]);
  });

  it("of an engine is rotated once", () => {
    const second = { ...CA, name: "second", secret: "second" };
    expect(complaints(CA, second)).toEqual(["  rotate.of.1.mount: ca rotates it already"]);
    expect(complaints(CA, { ...second, mount: "pki-jobs" })).toEqual([]);
    expect(complaints(CA, { ...second, server: other })).toEqual([]);
  });
});
