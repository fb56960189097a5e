import { expect, it } from "vitest";
import type { OwnTrust } from "../../lambdas/contracts/config/own-trust.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { rehearse } from "../../lambdas/domain/rotate/rehearse.ts";
import { PARENT_MOUNT } from "../../local/vault/rotation-setup.ts";
import { CaRotating } from "../helpers/ca-rotating.ts";

const HOUR = 3_600;
const PARENT = { parent: { mount: PARENT_MOUNT } };

/** A world in which Drover knows Nomad by the first CA, and by others. */
async function knownBy(settings: object, others: (world: CaRotating) => Promise<string>) {
  const ownTrust: OwnTrust[] = [];
  const world = await CaRotating.start({ settings, ownTrust });
  const ca = world.ca.read(world.ca.first) + (await others(world));
  ownTrust.push({ field: "nomad.tls.ca", ca });
  return { world, ownTrust };
}

const none = async () => "";
const parent = async ({ ca }: CaRotating) => {
  const issuer = ca.model.pkis.get(PARENT_MOUNT)?.issuers.find("default") ?? expect.fail();
  return (await issuer.authority()).certificate;
};

it.each([
  ["its own root", {}],
  ["signed by another engine's", PARENT],
])(
  "a CA that is %s does not issue while Drover itself trusts the former one alone",
  async (_, settings) => {
    const { world, ownTrust } = await knownBy(settings, none);
    const { issuers } = world.ca.pki;
    const former = issuers.defaultId;
    await world.untilWaiting("issue");
    await world.clock.advance(3 * HOUR);
    expect(issuers.defaultId).toBe(former);
    const why =
      "the new one does not issue: Drover itself trusts the former CA by nomad.tls.ca, and not the new one: " +
      "add the new CA, which is in secret ca, to that file beside the former one, and deploy";
    expect((await world.record())?.waiting).toMatchObject({ step: "issue", why });
    const told = world.metric(METRICS.rotationHeldUp);
    await world.clock.advance(300);
    expect(world.metric(METRICS.rotationHeldUp) - told).toBeGreaterThanOrEqual(5);
    ownTrust[0] = {
      field: "nomad.tls.ca",
      ca: world.ca.read(world.aws.secrets.get("ca").value),
    };
    expect(await world.ended()).toBe("rotated");
    expect(issuers.defaultId).toBe(world.current());
    expect(world.problems).toEqual([]);
  },
);

it("a rehearsal names what Drover itself trusts it by", async () => {
  const { world } = await knownBy({}, none);
  await rehearse(world.ca.rotation, world.world.ports);
  expect(world.history()).toContain(
    "Drover itself trusts the former CA by nomad.tls.ca: where the new one is not trusted by that, it waits",
  );
});

it("a CA whose root Drover itself trusts already is held up by nothing", async () => {
  const { world } = await knownBy(PARENT, parent);
  expect(await world.ended()).toBe("rotated");
  expect(world.history().join()).not.toContain("Drover itself");
});

it("a CA is not held up by what Drover trusts besides", async () => {
  const ownTrust: OwnTrust[] = [];
  const world = await CaRotating.start({ ownTrust });
  ownTrust.push({ field: "consul.tls.ca", ca: await parent(world) });
  expect(await world.ended()).toBe("rotated");
  expect(world.history().join()).not.toContain("Drover itself");
});
