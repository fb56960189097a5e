import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { CaRotating } from "../helpers/ca-rotating.ts";
import { chooseAnother } from "../helpers/choose-another-ca.ts";

const HOUR = 3_600;

/** Has an operator revoke the CA that issues, which stays the default, before Drover looks at it first. */
async function withFormerRevoked(): Promise<CaRotating> {
  const world = await CaRotating.start();
  const former = world.ca.pki.issuers.find("default") ?? expect.fail();
  former.revokedAt = world.clock.now();
  return world;
}

it("the former CA is revoked and theirs is the default: none is made, and theirs issues", async () => {
  const world = await withFormerRevoked();
  const theirs = await chooseAnother(world);
  const { issuers } = world.ca.pki;
  const before = issuers.all.map(({ id }) => id);
  await world.clock.advance(3 * HOUR);
  expect(issuers.defaultId).toBe(theirs);
  expect(issuers.all.map(({ id }) => id)).toEqual(before);
  expect((await world.record())?.waiting).toMatchObject({
    step: "mint",
    why: expect.stringContaining(`${theirs} is the default issuer, and the first in the secret is`),
  });
  expect(world.metric(METRICS.rotationHeldUp)).toBeGreaterThan(0);
});

it("the former CA was revoked before, and theirs becomes the default meanwhile: theirs issues", async () => {
  const world = await withFormerRevoked();
  await world.untilWaiting("issue");
  const theirs = await chooseAnother(world);
  await world.ended();
  expect(world.ca.pki.issuers.defaultId).toBe(theirs);
  expect(world.history().join()).toContain(`somebody has had ${theirs} issue meanwhile`);
});

it("the former CA is revoked and still the default: the new one takes over from it", async () => {
  const world = await withFormerRevoked();
  // A revoked CA issues no certificate that could be waited for.
  world.endAgents();
  expect(await world.ended()).toBe("rotated");
  expect(world.ca.pki.issuers.defaultId).toBe(world.current());
});
