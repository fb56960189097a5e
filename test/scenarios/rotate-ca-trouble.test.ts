import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { ROTATED_PKI_ROLE, ROTATION_POLICY } from "../../local/vault/rotation-setup.ts";
import { CaRotating } from "../helpers/ca-rotating.ts";
import { chooseAnother } from "../helpers/choose-another-ca.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const RELOAD = { groups: ["servers"], units: ["nomad"] };

/** Whether an issuer may be trusted still. */
function lives(world: CaRotating, id = ""): boolean {
  const found = world.ca.pki.issuers.find(id);
  return found !== undefined && !found.revokedAt;
}

/** What the attempt under way is about. */
async function ids(world: CaRotating) {
  const { before, minted } = (await world.record())?.attempt ?? {};
  return { before: before?.accessor ?? "", minted: minted?.accessor ?? "" };
}

describe("an operator has another CA issue", () => {
  it("before the new one does: theirs issues, and the new one is revoked", async () => {
    const world = await CaRotating.start();
    await world.untilWaiting("issue");
    const { before, minted } = await ids(world);
    const theirs = await chooseAnother(world);
    expect(await world.ended()).toBe("taken-back");
    expect(world.ca.pki.issuers.defaultId).toBe(theirs);
    expect([before, minted, theirs].map((id) => lives(world, id))).toEqual([true, false, true]);
    expect(world.metric(METRICS.rotationTakenBack)).toBe(1);
    expect(world.history().join()).toContain(`somebody has had ${theirs} issue meanwhile`);
  });

  it.each(["theirs", "the former one"])(
    "after that, %s: all live on, and it is told",
    async (which) => {
      const world = await CaRotating.start();
      await world.untilWaiting("reissue");
      const { before, minted } = await ids(world);
      if (which === "theirs") await chooseAnother(world);
      else world.ca.pki.issuers.defaultId = before;
      const { defaultId } = world.ca.pki.issuers;
      expect(await world.ended()).toBe("taken-back");
      expect((await world.record())?.last?.why).toContain(`${minted} may have issued something`);
      expect(world.metric(METRICS.rotationTakenBack)).toBe(1);
      // Another one is not made before that is put right.
      await world.clock.advance(3 * HOUR);
      expect(world.ca.pki.issuers.defaultId).toBe(defaultId);
      expect([before, minted].map((id) => lives(world, id))).toEqual([true, true]);
      expect(world.current()).toBe(minted);
      expect(world.history().join()).toContain(
        "is the default issuer, and the first in the secret is",
      );
      if (which === "the former one") expect(world.problems).toEqual([]);
    },
  );
});

describe("an operator makes the former bundle current again when the new one issues", () => {
  async function restore(world: CaRotating) {
    const former = world.aws.secrets.get("ca").id;
    await world.untilWaiting("reissue");
    const { id: removeFrom } = world.aws.secrets.get("ca");
    world.aws.secrets.moveStage("ca", { stage: "AWSCURRENT", removeFrom, moveTo: former });
    return ids(world);
  }

  it("both live on", async () => {
    const world = await CaRotating.start();
    const { before, minted } = await restore(world);
    expect(await world.ended()).toBe("taken-back");
    expect([before, minted].map((id) => lives(world, id))).toEqual([true, true]);
    expect(world.ca.pki.issuers.defaultId).toBe(minted);
  });

  it("and the former one the default: the new one is not taken for left over, either", async () => {
    const world = await CaRotating.start({ lookSeconds: 900 });
    const { before, minted } = await restore(world);
    world.ca.pki.issuers.defaultId = before;
    expect(await world.ended()).toBe("taken-back");
    world.endAgents();
    await world.clock.advance(2 * DAY + HOUR);
    expect(lives(world, minted)).toBe(true);
  });
});

it("an agent can't take the new bundle: the former one is current again, and issues", async () => {
  const world = await CaRotating.start({ settings: { reload: RELOAD } });
  const { aws } = world;
  const id = "i-00000000000000001";
  aws.autoScaling.createGroup({ name: "servers", instances: [{ id }] });
  aws.managedNodes.startAgent(id);
  const first = aws.secrets.get("ca").id;
  aws.runCommand.execute = () => {
    const isFirst = aws.secrets.get("ca").id === first;
    return { exitStatus: isFirst ? 0 : 1, output: "== nomad is failed" };
  };
  await world.clock.until(async () => (await ids(world)).minted !== "");
  const { before, minted } = await ids(world);
  expect(await world.ended()).toBe("taken-back");
  expect(aws.secrets.get("ca").id).toBe(first);
  expect(world.ca.pki.issuers.defaultId).toBe(before);
  expect([before, minted].map((each) => lives(world, each))).toEqual([true, false]);
  expect(world.problems).toEqual([]);
});

it("a machine that comes in and can't take the new bundle holds the CA up, until it can", async () => {
  const world = await CaRotating.start({ settings: { reload: RELOAD } });
  const { aws } = world;
  aws.autoScaling.createGroup({ name: "servers", instances: [{ id: "i-00000000000000001" }] });
  aws.managedNodes.startAgent("i-00000000000000001");
  await world.untilWaiting("issue");
  const { before, minted } = await ids(world);
  aws.autoScaling.setDesiredCapacity("servers", 2);
  let isBroken = true;
  aws.runCommand.execute = ({ instanceId }) => {
    const fails = isBroken && instanceId !== "i-00000000000000001";
    return { exitStatus: fails ? 1 : 0, output: `== nomad is ${fails ? "failed" : "active"}` };
  };
  await world.clock.until(() => aws.ec2.list().length > 1);
  const added = aws.ec2.list().find(({ id }) => id !== "i-00000000000000001")?.id ?? "";
  aws.managedNodes.startAgent(added);
  await world.clock.advance(3 * HOUR);
  expect(world.ca.pki.issuers.defaultId).toBe(before);
  expect((await world.record())?.waiting).toMatchObject({
    step: "issue",
    why: expect.stringContaining(`${added} can't take the new one (failed)`),
  });
  isBroken = false;
  expect(await world.ended()).toBe("rotated");
  expect(world.ca.pki.issuers.defaultId).toBe(minted);
  expect(world.problems).toEqual([]);
});

describe("a certificate that can't be rotated", () => {
  it.each(["issue", "reissue"])(
    "holds the CA up at %s, which is told when it is late",
    async (step) => {
      const world = await CaRotating.start();
      await world.untilWaiting(step);
      const { before, minted } = await ids(world);
      const { defaultId } = world.ca.pki.issuers;
      const role = world.ca.pki.role(ROTATED_PKI_ROLE) ?? expect.fail();
      world.ca.pki.addRole(ROTATED_PKI_ROLE, { ...role, allowedDomains: ["consul"] });
      const stopsAt = world.clock.now();
      const inFiveMinutes = async () => {
        const before = world.metric(METRICS.rotationHeldUp);
        await world.clock.advance(300);
        return world.metric(METRICS.rotationHeldUp) - before;
      };
      // Before the certificate is due, which is told of itself.
      expect(await inFiveMinutes()).toBe(0);
      await world.clock.advance(3 * HOUR);
      expect(await inFiveMinutes()).toBeGreaterThanOrEqual(5);
      expect((await world.record())?.waiting).toMatchObject({
        step,
        why: expect.stringContaining("leaf not rotated"),
      });
      expect(world.ca.pki.issuers.defaultId).toBe(defaultId);
      expect([before, minted].map((id) => lives(world, id))).toEqual([true, true]);
      world.ca.pki.addRole(ROTATED_PKI_ROLE, role);
      expect(await world.ended()).toBe("rotated");
      expect(world.clock.now() > stopsAt).toBe(true);
      expect(world.problems).toEqual([]);
    },
  );
});

it.each([
  ["issue", "pki/config/issuers"],
  ["test", "pki/issuer/+/issue/nomad-client"],
] as const)(
  "a lack of permission at %s holds it up, and nothing is taken back",
  async (step, path) => {
    const world = await CaRotating.start();
    const lacking = ROTATION_POLICY.replace(`path "${path}"`, `path "pki/none"`);
    const setPolicy = (policy: string) => world.ca.model.putPolicy("rotate", policy);
    if (step === "issue") await world.untilWaiting("issue");
    setPolicy(lacking);
    await world.untilWaiting(step);
    const { minted } = await ids(world);
    await world.clock.advance(3 * HOUR);
    expect((await world.record())?.waiting).toMatchObject({
      step,
      why: expect.stringContaining("permission denied"),
    });
    expect(world.metric(METRICS.rotationHeldUp)).toBeGreaterThan(10);
    setPolicy(ROTATION_POLICY);
    expect(await world.ended()).toBe("rotated");
    expect(world.ca.pki.issuers.defaultId).toBe(minted);
    expect(world.problems).toEqual([]);
  },
);
