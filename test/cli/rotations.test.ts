import type { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { historyCommand } from "../../bin/cli/history.ts";
import { policiesCommand } from "../../bin/cli/policies.ts";
import { rotateCommand } from "../../bin/cli/rotate.ts";
import { rotationsCommand } from "../../bin/cli/rotations.ts";
import { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { RotationItem } from "../../lambdas/contracts/rotation-item.ts";
import type { RotationLine } from "../../lambdas/contracts/rotation-line.ts";
import type { BusEvent } from "../../local/aws/event-bridge/event.ts";
import { type CliWorld, startCliWorld } from "../helpers/cli-world.ts";
import { runCli } from "../helpers/run-cli.ts";

const BUS = "drover-test";
const TOKEN = RotationName.parse("nomad-token");
const BUSY = RotationName.parse("consul-token");
const ID = "10000000-0000-4000-8000-000000000001";

let world: CliWorld;
let onBus: BusEvent[];
let printed: string[];

beforeAll(async () => {
  world = await startCliWorld();
  world.cluster.aws.eventBridge.createBus(BUS);
  world.cluster.aws.eventBridge.onEvent((event, bus) => {
    if (bus === BUS) onBus.push(event);
  });
  const plan = { everySeconds: 2_592_000, startedBy: "schedule" };
  const attempt = { id: ID, startedAt: "2026-01-01T00:00:00.000Z", by: "operator", mints: 1 };
  const waiting = { step: "grace", since: "2026-01-01T00:00:00.000Z", why: "the one before lives" };
  for (const record of [
    { name: TOKEN, kind: "vault-token", version: 0, plan },
    { name: BUSY, kind: "consul-token", version: 0, plan, attempt, waiting },
  ]) {
    await world.rotations.put(RotationItem.parse(record));
  }
  await write(TOKEN, "mint", "did", "made a new one, accessor-2");
});
afterAll(() => world.stop());

beforeEach(() => {
  onBus = [];
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  const environment = { ...world.environment, DROVER_BUS: BUS };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

async function write(
  rotation: RotationName,
  step: string,
  kind: RotationLine["kind"],
  text: string,
): Promise<void> {
  await world.rotationJournal.write([{ rotation, at: new Date(), step, kind, text }]);
}

/** Runs a command in this process, and gives what it has printed. */
async function run(command: Command, ...args: string[]): Promise<string> {
  await command.parseAsync(args, { from: "user" });
  return printed.join("\n");
}

describe("drover rotations", () => {
  it("lists them by name, with what each waits for", async () => {
    const lines = (await run(rotationsCommand()))
      .split("\n")
      .map((each) => each.replaceAll(/\s+/g, " "));
    const rows = lines.filter((each) => each.includes("-token"));
    expect(rows).toEqual([
      "│ consul-token │ consul-token │ - │ under way │ grace │ the one before lives │",
      "│ nomad-token │ vault-token │ - │ due │ not known yet │ - │",
    ]);
  });

  it("prints the records as JSON", async () => {
    const records = JSON.parse(await run(rotationsCommand(), "--json"));
    expect(records).toMatchObject([
      { name: BUSY, attempt: { id: ID }, version: 1 },
      { name: TOKEN, plan: { startedBy: "schedule" } },
    ]);
  });
});

describe("drover rotate", () => {
  it("asks rotate-tokens for it on Drover's bus", async () => {
    const text = await run(rotateCommand(), TOKEN);
    expect(text).toBe(
      "asked for nomad-token to be rotated\ndrover history nomad-token --follow shows what is done",
    );
    expect(onBus).toHaveLength(1);
    expect(parseMessage(JSON.stringify(onBus[0]))).toMatchObject({
      kind: "rotation-requested",
      event: { detail: { name: TOKEN, dryRun: false } },
    });
  });

  it("rehearses one that is under way, too", async () => {
    const [line = ""] = (await run(rotateCommand(), BUSY, "--dry-run", "--json")).split("\n");
    expect(JSON.parse(line)).toMatchObject({ bus: BUS, rotation: BUSY, dryRun: true });
    expect(onBus).toMatchObject([{ detail: { name: BUSY, dryRun: true } }]);
  });

  it("follows what is written after it asked, to its end", async () => {
    const following = run(rotateCommand(), TOKEN, "--follow");
    await expect.poll(() => onBus).toHaveLength(1);
    await write(TOKEN, "revoke-old", "saw", "rotated: accessor-2 is in use");
    const text = await following;
    expect(text).toContain("revoke-old");
    expect(text).toContain("  rotated: accessor-2 is in use");
    expect(text).not.toContain("made a new one");
  });

  it("ends with the lines of a rehearsal", async () => {
    const following = run(rotateCommand(), BUSY, "--dry-run", "--follow");
    await expect.poll(() => onBus).toHaveLength(1);
    await write(BUSY, "rehearse", "would", "would have made a new one");
    expect(await following).toContain("? would have made a new one");
  });

  it.each([
    ["nobody-knows", /^no rotation is called nobody-knows; there are: consul-token, nomad-token\./],
    [BUSY, /^consul-token is being rotated since 2026-01-01T00:00:00.000Z \(drover history/],
  ])("puts nothing for %s, and says why", async (name, reason) => {
    await expect(run(rotateCommand(), name)).rejects.toThrow(reason);
    expect(onBus).toEqual([]);
  });
});

it("drover history tells of rotations as of nodes", async () => {
  expect(await run(historyCommand(), TOKEN)).toMatch(/mint +\* made a new one, accessor-2/);
  printed = [];
  expect(await run(historyCommand(), "nothing-here")).toBe("nothing is written about nothing-here");
});

describe("drover policies", () => {
  it("prints those of one system, each under its name", async () => {
    const text = await run(policiesCommand(), "vault");
    expect(text).toContain('path "auth/token/lookup-accessor"');
    expect(text.match(/^# --- .* ---$/gm)).toEqual([
      "# --- vault-drover ---",
      "# --- vault-rotate ---",
    ]);
  });

  it("prints a single one as it is, to be piped on", async () => {
    const text = await run(policiesCommand(), "vault-rotate");
    expect(text).not.toContain("---");
    expect(text).toContain('path "sys/rotate"');
  });

  it("names those there are when there is no such one", () => {
    expect(() => policiesCommand().parse(["etcd"], { from: "user" })).toThrow(
      "no policy is called etcd; there are: consul-drover, consul-rotate, nomad-drover, nomad-rotate, " +
        "vault-drover, vault-rotate",
    );
  });
});

it("the program has all of them, and says what is wrong in a line", async () => {
  const environment = { ...world.environment, DROVER_BUS: BUS };
  const { code, stderr } = await runCli(["rotate", "nobody-knows"], environment);
  expect(stderr).toMatch(/^drover: no rotation is called nobody-knows; .*\n$/);
  expect(code).toBe(1);
});
