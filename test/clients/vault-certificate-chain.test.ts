import { expect, test } from "vitest";
import { readCertificates } from "../../lambdas/clients/vault/rotate/certificate.ts";
import { certificateDefect } from "../../lambdas/clients/vault/rotate/certificate-defect.ts";
import { certificatesOf } from "../../lambdas/clients/vault/rotate/certificate-value.ts";
import { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { plusSeconds } from "../../local/clock.ts";
import { issueBy, newAuthority } from "../../local/vault/certificate-authority.ts";

const DAY = 86_400;
const FROM = new Date("2026-01-01T00:00:00Z");
const LATER = plusSeconds(FROM, 60);
const life = (days: number) => ({ from: FROM, seconds: days * DAY });

const root = await newAuthority("root", life(365));
const other = await newAuthority("root", life(365));
const between = await newAuthority("between", life(20), { by: root });
const names = { commonName: "a.nomad", hosts: [], addresses: [], uris: [] };
const own = await issueBy(between, names, life(30));

const wanted = Rotation.parse({
  kind: "vault-certificate",
  ...{ name: "one", secret: "one", role: "one", commonName: "a.nomad", everySeconds: DAY },
});

function defect(chain: readonly string[], ca: string, at = LATER) {
  if (wanted.kind !== "vault-certificate") throw new Error("another kind");
  const value = { certificate: [own.certificate, ...chain].join("\n"), privateKey: own.privateKey };
  const shown = { ...certificatesOf(value), trusted: readCertificates(ca), value };
  return certificateDefect(shown, wanted, at);
}

test("a certificate leads to its root over those that come with it", () => {
  expect(defect([between.certificate], root.certificate)).toBeUndefined();
  expect(defect([], between.certificate)).toBeUndefined();
  const none = "none of the CAs beside it has issued it";
  expect(defect([], root.certificate)).toBe(none);
  expect(defect([between.certificate], other.certificate)).toBe(none);
  expect(defect([between.certificate], "")).toBe(none);
});

test("a CA that is over leads nowhere", () => {
  const at = plusSeconds(FROM, 25 * DAY);
  expect(defect([between.certificate], root.certificate, at)).toMatch(/none of the CAs/);
});
