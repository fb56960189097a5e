import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import type { FaultKind } from "../../local/vault/faults.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";

const QUICK = { everySeconds: 86_400, verifySeconds: 600, graceSeconds: 120 };
const OUTAGE_SECONDS = 400;

/** Tokens that the role has made for whoever uses them, but for the current one. */
function strays(world: Rotating): string[] {
  return world.livingTokens().filter((token) => token !== world.currentToken());
}

describe("Vault is in trouble in the middle of a rotation", () => {
  const faults: readonly FaultKind[] = ["away", "throttled", "sealed", "no-active"];
  const moments = [0, 1, 61, 150, 185];

  for (const fault of faults) {
    it(`${fault}, whenever that is: the rotation goes on afterwards`, async () => {
      for (const moment of moments) {
        const world = new Rotating({ rotation: QUICK });
        world.consumer.stop();
        const consumer = world.anotherConsumer(30);
        world.at(moment, () => world.vault.faults.set(fault));
        world.at(moment + OUTAGE_SECONDS, () => world.vault.faults.clear());
        await world.start();
        const refusedMeanwhile = () => consumer.refusals.filter((text) => text.endsWith("403"));
        expect(await world.ended(7_200)).toBe("rotated");
        expect(refusedMeanwhile()).toEqual([]);
        expect(strays(world)).toEqual([]);
      }
    });
  }

  it("without an active server for an hour, it answers reads alone: an alarm, and it goes on", async () => {
    const world = new Rotating({ rotation: { ...QUICK, consumerRenews: false } });
    world.consumer.stop();
    world.keepAlive(world.firstToken);
    world.vault.faults.set("no-active");
    world.at(3_600, () => world.vault.faults.clear());
    await world.start();
    await world.clock.advance(3_500);
    expect(world.metric(METRICS.rotationHeldUp)).toBeGreaterThan(150);
    expect(world.livingTokens()).toEqual([world.firstToken]);
    expect(await world.ended(1_800)).toBe("rotated");
    expect(strays(world)).toEqual([]);
  });

  it("and lacks the role, so that none can be made: it is taken back in the end", async () => {
    const world = new Rotating({ rotation: QUICK });
    world.vault.tokenRoles.delete("nomad-server");
    await world.start();
    expect(await world.ended(7_200)).toBe("taken-back");
    expect((await world.record())?.last?.why).toMatch(/^15 times none could be made/);
  });

  it("a standby, says its health with 429, and it forwards: nothing waits", async () => {
    const world = new Rotating({ rotation: QUICK });
    world.vault.isStandby = true;
    await world.start();
    expect(await world.ended(7_200)).toBe("rotated");
    expect(world.history().join("\n")).not.toMatch(/429|standby/);
    expect(strays(world)).toEqual([]);
  });

  it("and the answer to the mint gets lost: what it made is found and ended", async () => {
    // The first calls of an attempt log in and ask what is current.
    for (let request = 1; request <= 6; request++) {
      const world = new Rotating({ rotation: QUICK });
      world.vault.faults.next("answer-lost", request);
      await world.start();
      expect(await world.ended(7_200)).toBe("rotated");
      expect(strays(world)).toEqual([]);
    }
  });
});

describe("Secrets Manager starts the rotation", () => {
  const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

  async function begin(world: Rotating) {
    const { id: ClientRequestToken } = world.aws.secrets.beginRotation(SECRET);
    const { arn: SecretId } = world.aws.secrets.secret(SECRET);
    const step = (Step: (typeof STEPS)[number]) =>
      world.call({ Step, SecretId, ClientRequestToken });
    return { step, ClientRequestToken };
  }

  const byItsDoor = () => new Rotating({ rotation: { ...QUICK, startedBy: "secrets-manager" } });

  it("by its four steps, each twice; the old token dies when the new one is in use", async () => {
    const world = byItsDoor();
    const { step, ClientRequestToken } = await begin(world);
    for (const each of STEPS) {
      await step(each);
      await world.clock.advance(5);
      await step(each);
    }
    expect(world.aws.secrets.get(SECRET).id).toBe(ClientRequestToken);
    expect(await world.ended()).toBe("rotated");
    await step("finishSecret");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
    expect(world.consumer.refusals).toEqual([]);
  });

  it("and nobody runs ahead of it: the new one is not current before the last step", async () => {
    const world = byItsDoor();
    const { step } = await begin(world);
    await step("createSecret");
    await world.clock.advance(1_800);
    expect(world.currentToken()).toBe(world.firstToken);
    await step("setSecret");
    await step("testSecret");
    await world.clock.advance(600);
    expect(world.currentToken()).toBe(world.firstToken);
    await step("finishSecret");
    expect(world.currentToken()).not.toBe(world.firstToken);
  });

  it("and never asks for the rest: what was made is ended, and the next rotation can begin", async () => {
    const world = byItsDoor();
    const { step } = await begin(world);
    await step("createSecret");
    expect(await world.ended(7_200)).toBe("taken-back");
    expect(world.livingTokens()).toEqual([world.firstToken]);
    const again = await begin(world);
    for (const each of STEPS) await again.step(each);
    expect(await world.ended(7_200)).toBe("rotated");
    expect(strays(world)).toEqual([]);
  });

  it("while another one is under way: it is told so, and asks again", async () => {
    const world = byItsDoor();
    await world.start();
    const { step } = await begin(world);
    await expect(step("createSecret")).rejects.toThrow(/attempt .* is under way since/);
    expect(await world.ended()).toBe("rotated");
    await step("createSecret");
    for (const each of STEPS) await step(each);
    expect(await world.ended()).toBe("rotated");
    expect(strays(world)).toEqual([]);
  });

  it("and Vault is sealed: the step fails until it is not", async () => {
    const world = byItsDoor();
    const { step } = await begin(world);
    world.vault.faults.set("sealed");
    await expect(step("createSecret")).rejects.toThrow(/createSecret: .*503/);
    world.vault.faults.clear();
    for (const each of STEPS) await step(each);
    expect(await world.ended()).toBe("rotated");
    expect(strays(world)).toEqual([]);
  });
});
