import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { rotationsCommand } from "../../bin/cli/rotations.ts";
import type { WatchItem } from "../../lambdas/contracts/watch-item.ts";
import { type CliWorld, startCliWorld } from "../helpers/cli-world.ts";

let world: CliWorld;
let printed: string[];

beforeAll(async () => {
  world = await startCliWorld();
});
afterAll(() => world.stop());

beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value);
});

async function run(...args: string[]): Promise<string> {
  await rotationsCommand().parseAsync(args, { from: "user" });
  return printed.join("\n");
}

it("without a look, nothing is rotated or watched", async () => {
  expect(await run()).toBe("nothing is rotated or watched");
  printed = [];
  expect(await run("--json")).toBe("[]");
});

describe("what drover rotations says of what is watched", () => {
  const now = Date.now();
  const ago = (seconds: number) => new Date(now - seconds * 1_000);
  const why = "the JWT in secret jwt (vault.login.jwtSecret) has run out: put a new one into it";
  const credentials: WatchItem["credentials"] = [
    {
      name: "nomad.tokenSecret",
      kind: "nomad-token",
      secret: "drover/nomad-token",
      state: "lives",
      createdAt: ago(7_200),
      expiresAt: ago(-86_400),
    },
    { name: "vault.login.jwtSecret", kind: "jwt", secret: "jwt", state: "dead", why },
    { name: "nomad.tls.ca", kind: "ca", state: "lives" },
  ];

  /** The rows of what is not rotated, as they are after a look. */
  async function rows(lookedAt: Date): Promise<string[]> {
    await world.watch.put({ lookedAt, credentials });
    const text = await run();
    const cells = text.split("\n").map((line) => line.split("│").map((cell) => cell.trim()));
    return cells.filter((row) => row.includes("not rotated")).map((row) => row.join("|"));
  }

  it("lists it as not rotated, with its age, state and end, or what is wrong", async () => {
    expect(await rows(ago(60))).toEqual([
      `|nomad.tokenSecret|nomad-token|120 min|not rotated|lives|expires ${ago(-86_400).toISOString()}|`,
      expect.stringMatching(
        /^\|vault.login.jwtSecret\|jwt\|-\|not rotated\|dead\|the JWT in secret jwt/,
      ),
      "|nomad.tls.ca|ca|-|not rotated|lives|-|",
    ]);
  });

  it("says how old it is when nobody looks any more", async () => {
    expect((await rows(ago(7_200))).map((row) => row.split("|")[5])).toEqual([
      "lives, 120 min ago",
      "dead, 120 min ago",
      "lives, 120 min ago",
    ]);
  });

  it("prints it as JSON behind the rotations", async () => {
    await world.watch.put({ lookedAt: ago(0), credentials });
    const listed = JSON.parse(await run("--json"));
    expect(listed).toMatchObject([
      { name: "nomad.tokenSecret", secret: "drover/nomad-token", rotated: false },
      { state: "dead", why, rotated: false },
      { name: "nomad.tls.ca", rotated: false },
    ]);
  });
});
