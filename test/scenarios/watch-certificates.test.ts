import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { issueBy, newAuthority } from "../../local/vault/certificate-authority.ts";
import { Watching } from "../helpers/watching.ts";

const DAY = 86_400;
const from = new Date("2026-01-01T00:00:00Z");
const NAMES = { commonName: "client.global.nomad", hosts: [], addresses: [], uris: [] };
const CLIENT = "nomad.tls.clientCertificateSecret";
const CA = "nomad.tls.ca";
const ADDRESS = "https://nomad.example.internal:4646";
const root = await newAuthority("root", { from, seconds: 3_650 * DAY });

/** Nomad asks Drover for a certificate. */
function withCertificate(text: string) {
  const tls = { clientCertificateSecret: "certificate" };
  const world = new Watching({ nomad: { address: ADDRESS, tls } });
  world.aws.secrets.create("certificate", text);
  return world;
}

describe("a client certificate that nobody rotates", () => {
  it("is told once less than a third of its life is left, and when it is over", async () => {
    const one = await issueBy(root, NAMES, { from, seconds: 3 * DAY });
    const world = withCertificate(JSON.stringify(one));
    await world.hours(47.9);
    expect(world.seen(CLIENT)).toMatchObject({ kind: "client-certificate", state: "lives" });
    expect(world.world.told()).toEqual([]);
    await world.hours(0.2);
    expect(world.told(CLIENT)).toBe(
      `the client certificate in secret certificate (${CLIENT}) ends at 2026-01-04T00:00:00.000Z, and nothing ` +
        "rotates it: put a new one into the secret, or have it rotated: add it to rotate.of",
    );
    await world.hours(24);
    expect(world.seen(CLIENT)).toMatchObject({ state: "dead" });
    expect(world.metric(METRICS.rotationUnwatched)).toBe(0);
    expect(world.written()).not.toContain("PRIVATE KEY");
  });

  it("ends with what leads from it to its root", async () => {
    const between = await newAuthority("between", { from, seconds: DAY }, { by: root });
    const own = await issueBy(between, NAMES, { from, seconds: 30 * DAY });
    const certificate = `${own.certificate}\n${between.certificate}`;
    const world = withCertificate(JSON.stringify({ ...own, certificate }));
    await world.hours(17);
    expect(world.seen(CLIENT)).toMatchObject({
      state: "expiring",
      expiresAt: new Date("2026-01-02T00:00:00Z"),
    });
  });

  it.each([
    ["is none", { certificate: "planted", privateKey: "planted" }, /a certificate in PEM/],
    ["has no key", { certificate: root.certificate }, /must hold JSON/],
    [
      "is broken",
      { certificate: root.certificate.replace(/\n.{8}/, "\nplanted0"), privateKey: "planted" },
      /a certificate in PEM/,
    ],
  ])("can't be seen where it %s", async (_what, held, why) => {
    const world = withCertificate(JSON.stringify(held));
    await world.hours(0.1);
    expect(world.seen(CLIENT)).toMatchObject({ state: "unseen", why: expect.stringMatching(why) });
    expect(world.written()).not.toContain("planted");
  });
});

describe("a CA that servers are known by", () => {
  it("is told 90 days before its end, and not for years", async () => {
    const seconds = 3_650 * DAY;
    const early = new Date(from.getTime() - (seconds - 90.5 * DAY) * 1_000);
    const { certificate: ca } = await newAuthority("old", { from: early, seconds });
    const world = new Watching({ nomad: { address: ADDRESS, tls: { ca } } });
    await world.hours(11.9);
    expect(world.seen(CA)).toMatchObject({ kind: "ca", state: "lives" });
    await world.hours(0.2);
    expect(world.told(CA)).toMatch(
      /^the CA certificate CN=old \(nomad.tls.ca\) ends at 2026-04-01T12/,
    );
    expect(world.told(CA)).toMatch(/: put what follows it beside it and deploy/);
  });

  it("may be several, of which the first to end counts", async () => {
    const { certificate: brief } = await newAuthority("brief", { from, seconds: DAY });
    const ca = `${root.certificate}\n${brief}`;
    const tls = { ca };
    const world = new Watching({
      nomad: { address: ADDRESS, tls },
      consul: { address: "https://consul.example.internal:8501", tls },
    });
    await world.hours(17);
    expect(world.told(CA)).toMatch(
      /^the CA certificate CN=brief \(nomad.tls.ca, consul.tls.ca\) ends/,
    );
    await world.hours(8);
    expect(world.seen(CA)).toMatchObject({ state: "dead" });
  });
});
