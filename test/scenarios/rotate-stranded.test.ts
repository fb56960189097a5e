import { describe, expect, it } from "vitest";
import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import type { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { Rotating, SECRET } from "../helpers/rotating.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

const QUICK = { everySeconds: 86_400, verifySeconds: 120, graceSeconds: 600 };

/** A rotation in the midst of it: the new one is in use, and the old one not yet dead. */
async function inGrace() {
  const world = new Rotating({ rotation: QUICK });
  await world.start();
  await world.clock.until(
    async () => (await world.record())?.attempt?.verifiedAt !== undefined,
    600,
  );
  const configured = world.rotator.rotations as Rotation[];
  const configure = (...rotations: readonly Rotation[]) => configured.splice(0, 1, ...rotations);
  return { world, configure };
}

function expectUntouched(world: Rotating): void {
  expect(world.livingTokens()).toHaveLength(2);
  expect(world.world.deadLetters.bodies()).toEqual([]);
  expect(world.metric(METRICS.rotationStranded)).toBeGreaterThan(2);
}

describe("the configuration changes while an attempt is under way", () => {
  it("it is there no more: an alarm, no dead letters, and it goes on when it is back", async () => {
    const { world, configure } = await inGrace();
    configure();
    await world.clock.advance(1_800);
    expectUntouched(world);
    expect(world.history().at(-1)).toMatch(/can't go on: its rotation is configured no more$/);
    configure(world.rotation);
    expect(await world.ended(3_600)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });

  it("it is of another secret: an alarm, told once, and it goes on when that is undone", async () => {
    const { world, configure } = await inGrace();
    world.aws.secrets.create("other", world.firstToken);
    configure({ ...world.rotation, secret: "other" } as Rotation);
    await world.clock.advance(1_800);
    expectUntouched(world);
    const told = world.history().filter((text) => text.includes("in secret other,"));
    expect(told).toEqual([expect.stringContaining(`is of a vault-token in secret ${SECRET},`)]);
    expect(world.aws.secrets.get("other").value).toBe(world.firstToken);
    configure(world.rotation);
    expect(await world.ended(3_600)).toBe("rotated");
    expect(world.livingTokens()).toEqual([world.currentToken()]);
  });
});

const SERVER = {
  address: "https://10.0.9.9:8200",
  login: { method: "approle", mount: "approle", secret: "login" },
};
const PLACES: readonly [string, keyof typeof ROTATED_THINGS, object, string][] = [
  [
    "another address",
    "vault-token of another Vault",
    { server: { ...SERVER, address: "https://10.0.9.10:8200" } },
    "of https://10.0.9.9:8200, and a vault-token in secret rotated, of https://10.0.9.10:8200 is",
  ],
  [
    "another namespace",
    "vault-token of another Vault",
    { server: { ...SERVER, namespace: "other" } },
    "of https://10.0.9.9:8200 (namespace other) is configured",
  ],
  [
    "Drover's own Vault",
    "vault-token of another Vault",
    { server: undefined },
    "of Drover's own Vault is configured",
  ],
  ["another server", "vault-secret-id", { server: SERVER }, "of https://10.0.9.9:8200 is"],
  ["another role", "vault-secret-id", { role: "other" }, "of auth/approle/role/other of"],
  ["another mount", "vault-secret-id", { mount: "other" }, "of auth/other/role/backup of"],
  ["another mount", "vault-certificate", { mount: "pki-2" }, "of pki-2 of Drover's own Vault is"],
];

describe.each(PLACES)("%s is configured for a %s meanwhile", (_what, kind, change, said) => {
  it("an alarm, and nobody there is asked for it: what is not known there is not dead", async () => {
    const world = new ThingRotating(kind);
    const { thing, clock } = world;
    await world.start();
    await clock.until(async () => (await world.record())?.attempt?.verifiedAt !== undefined, 600);
    const nothing = async () => undefined;
    const elsewhere = { ...thing.kind, lookUp: nothing, identify: nothing };
    world.configure({ ...thing.rotation, ...change } as Rotation, elsewhere);
    await clock.advance(1_800);
    expect(thing.living()).toHaveLength(2);
    expect(world.world.counted.get(METRICS.rotationStranded)).toBeGreaterThan(2);
    const told = world.world.journal.all().filter(({ step }) => step === "configuration");
    expect(told.map(({ text }) => text)).toEqual([expect.stringContaining(said)]);
    world.configure(thing.rotation);
    expect(await world.ended(3_600)).toBe("rotated");
    expect(thing.living()).toEqual([world.current()]);
    expect(world.problems).toEqual([]);
  });
});

it("an attempt of which nobody wrote down where it is goes on", async () => {
  const world = new ThingRotating("vault-secret-id");
  const { clock, thing } = world;
  await world.start();
  await clock.advance(5);
  const record = (await world.record()) ?? expect.fail();
  const attempt = record.attempt ?? expect.fail();
  const of = { kind: "vault-secret-id", secret: "rotated" };
  await world.world.rotations.put({ ...record, attempt: { ...attempt, of } });
  expect(await world.ended(3_600)).toBe("rotated");
  expect(thing.living()).toEqual([world.current()]);
});
