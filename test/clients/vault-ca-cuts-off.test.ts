import { expect, test } from "vitest";
import { cutsOff } from "../../lambdas/clients/vault/rotate/cuts-off.ts";
import { VirtualClock } from "../../local/clock.ts";
import { newAuthority, newKeyPair } from "../../local/vault/certificate-authority.ts";

const now = new VirtualClock().now();
const LIFE = { from: now, seconds: 86_400 };
const END = new Date(now.getTime() + 2 * 86_400_000);

const root = await newAuthority("root", LIFE);
const other = await newAuthority("other", LIFE);
const below = async (name: string) =>
  (await newAuthority(name, LIFE, { by: root, key: newKeyPair() })).certificate;
const PEMS = {
  root: root.certificate,
  other: other.certificate,
  former: await below("former"),
  next: await below("next"),
};
type Name = keyof typeof PEMS;

function isCutOff(former: Name, own: readonly Name[], trusts: readonly Name[], at = now): boolean {
  const pem = (names: readonly Name[]) => names.map((name) => PEMS[name]).join("");
  const trust = { field: "nomad.tls.ca", ca: pem(trusts) };
  return cutsOff({ ca: pem(own) }, { ca: PEMS[former] }, trust, at);
}

const NEXT = ["next", "root"] as const;

test.each([
  ["root", ["other", "root"], ["root"], true],
  ["root", ["other", "root"], ["root", "other"], false],
  ["root", ["other", "root"], [], false],
  ["former", NEXT, ["root"], false],
  // Its servers may show no intermediates.
  ["former", NEXT, ["root", "former"], true],
  ["former", NEXT, ["root", "former", "next"], false],
  // Without its root, nobody takes an intermediate's.
  ["former", NEXT, ["former"], false],
  ["other", NEXT, ["other"], true],
  ["other", NEXT, ["other", "next"], true],
  ["other", NEXT, ["other", "root"], false],
] as const)("from %s to %j, who trusts %j is cut off: %s", (former, own, trusts, is) => {
  expect(isCutOff(former, own, trusts)).toBe(is);
});

test("of a former one that is over, nobody is cut off", () => {
  expect(isCutOff("root", ["other"], ["root"], END)).toBe(false);
});

test("CAs that can't be read are told with their field", () => {
  const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const ask = () =>
    cutsOff({ ca: PEMS.next }, { ca: PEMS.root }, { field: "nomad.tls.ca", ca }, now);
  expect(ask).toThrow("nomad.tls.ca can't be read: it has to be certificates in PEM");
});
