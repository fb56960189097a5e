import { describe, expect, it } from "vitest";
import { Rotating, SECRET } from "../helpers/rotating.ts";

const QUICK = { everySeconds: 86_400, verifySeconds: 300, graceSeconds: 300 };
const NEVER = Number.POSITIVE_INFINITY;

function revoke({ vault }: Rotating, token: string): void {
  const found = vault.tokens.find(token);
  if (found) vault.tokens.revoke(found);
}

/** Lets time pass until the rotation waits at a step. */
async function untilWaiting(world: Rotating, step: string): Promise<void> {
  await world.clock.until(async () => (await world.record())?.waiting?.step === step);
}

describe("an operator changes the secret in the middle of a rotation", () => {
  it("back to the former token in the grace period: that one is not revoked", async () => {
    const world = new Rotating({ rotation: QUICK });
    const first = world.aws.secrets.get(SECRET).id;
    await world.start();
    await untilWaiting(world, "grace");
    const { id: second } = world.aws.secrets.get(SECRET);
    world.aws.secrets.moveStage(SECRET, {
      stage: "AWSCURRENT",
      removeFrom: second,
      moveTo: first,
    });
    expect(await world.ended()).toBe("taken-back");
    await world.clock.advance(600);
    expect(world.currentToken()).toBe(world.firstToken);
    expect(world.livingTokens()).toEqual([world.firstToken]);
    expect(world.consumer.refusals).toEqual([]);
  });

  it("to one of their own while the new one is verified: theirs stays", async () => {
    const world = new Rotating({ rotation: QUICK, rereadSeconds: 1_000 });
    await world.start();
    await untilWaiting(world, "verify-use");
    const theirs = world.putByHand();
    expect(await world.ended()).toBe("taken-back");
    expect(world.currentToken()).toBe(theirs);
    expect(world.livingTokens()).toContain(theirs);
    expect(world.consumer.refusals).toEqual([]);
  });

  it("since the former one has leaked, and was revoked: it does not come back", async () => {
    const world = new Rotating({ rotation: QUICK });
    await world.start();
    await untilWaiting(world, "grace");
    const theirs = world.putByHand();
    revoke(world, world.firstToken);
    await world.ended();
    await world.clock.advance(600);
    expect(world.currentToken()).toBe(theirs);
    expect(world.livingTokens()).toEqual([theirs]);
    expect(world.consumer.refusals).toEqual([]);
  });

  it("before the new one is current: theirs stays, and the new one ends", async () => {
    const world = new Rotating({ rotation: { ...QUICK, startedBy: "secrets-manager" } });
    const { id: ClientRequestToken } = world.aws.secrets.beginRotation(SECRET);
    const { arn: SecretId } = world.aws.secrets.secret(SECRET);
    await world.call({ Step: "createSecret", SecretId, ClientRequestToken });
    const theirs = world.putByHand();
    await world.call({ Step: "testSecret", SecretId, ClientRequestToken });
    await expect(
      world.call({ Step: "finishSecret", SecretId, ClientRequestToken }),
    ).rejects.toThrow(/somebody else has put another value/);
    await world.clock.advance(1_000);
    expect(world.currentToken()).toBe(theirs);
    expect(world.livingTokens().sort()).toEqual([theirs, world.firstToken].sort());
  });
});

describe("the former token is dead", () => {
  it("so the new one stays current although its consumer has not renewed it", async () => {
    const world = new Rotating({ rotation: QUICK, rereadSeconds: NEVER });
    revoke(world, world.firstToken);
    await world.start();
    expect(await world.ended()).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
    expect(world.history().join("\n")).toMatch(/the one before is dead, so the new one stays/);
  });
});

describe("a mirror can't be written", () => {
  it("and whoever has read the new token already has the grace period to read the former one", async () => {
    const parameter = "/nomad/vault-token";
    const world = new Rotating({ rotation: { ...QUICK, parameter } });
    // A parameter that is no SecureString is refused.
    world.aws.parameters.put({ name: parameter, value: "x", type: "String" });
    await world.start();
    expect(await world.ended()).toBe("taken-back");
    await world.clock.advance(60);
    expect(world.consumer.refusals).toEqual([]);
    expect(world.livingTokens()).toEqual([world.firstToken]);
  });
});

describe("Secrets Manager asks again for what is long over", () => {
  it("and nothing begins anew", async () => {
    const world = new Rotating({ rotation: { ...QUICK, startedBy: "secrets-manager" } });
    const { id: ClientRequestToken } = world.aws.secrets.beginRotation(SECRET);
    const { arn: SecretId } = world.aws.secrets.secret(SECRET);
    const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
    const all = async () => {
      for (const Step of steps) await world.call({ Step, SecretId, ClientRequestToken });
    };
    await all();
    expect(await world.ended()).toBe("rotated");
    const rotated = world.currentToken();
    world.vault.addTokenRole("nomad-server", { periodSeconds: 3_600, allowedPolicies: ["user"] });
    await world.start();
    expect(await world.ended()).toBe("taken-back");
    await all();
    expect((await world.record())?.attempt).toBeUndefined();
    expect(world.currentToken()).toBe(rotated);
  });
});

describe("Secrets Manager begins a rotation while Drover is only to observe", () => {
  it("and is refused, until it may act", async () => {
    const world = new Rotating({ rotation: { ...QUICK, startedBy: "secrets-manager" } });
    const { id: ClientRequestToken } = world.aws.secrets.beginRotation(SECRET);
    const { arn: SecretId } = world.aws.secrets.secret(SECRET);
    const step = { Step: "createSecret", SecretId, ClientRequestToken };
    world.world.control.turn("observe");
    await expect(world.call(step)).rejects.toThrow(/the mode is observe/);
    expect((await world.record())?.attempt).toBeUndefined();
    world.world.control.turn("act");
    await world.clock.advance(1_800);
    expect(world.currentToken()).toBe(world.firstToken);
    await world.call(step);
    expect((await world.record())?.attempt?.upTo).toBe("mint");
  });
});

describe("several looks ask for the same rotation", () => {
  it("and it is made once", async () => {
    const world = new Rotating({ rotation: QUICK });
    const ask = { kind: "start", by: "schedule" } as const;
    const body = JSON.stringify({ rotation: world.rotation.name, ask });
    for (let n = 0; n < 4; n++)
      world.aws.clock.at(new Date(world.clock.now().getTime() + n * 900_000), () =>
        world.world.queue.send(body),
      );
    expect(await world.ended()).toBe("rotated");
    await world.clock.advance(7_200);
    expect(world.world.told()).toHaveLength(1);
  });
});
