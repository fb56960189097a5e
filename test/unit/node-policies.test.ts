import { describe, expect, it } from "vitest";
import { nodesOf, Share } from "../../lambdas/contracts/config/node-policies.ts";
import { parseConfig } from "../../lambdas/contracts/config.ts";
import { testConfig } from "../helpers/config.ts";

describe("a share of a pool", () => {
  it.each([
    ["10%", 100, 10],
    ["10%", 19, 1],
    ["10%", 3, 1],
    ["1%", 99, 1],
    ["29%", 100, 29],
    ["57%", 100, 57],
    ["100%", 7, 7],
    [4, 100, 4],
  ] as const)("%s of %i nodes: %i", (share, size, nodes) => {
    expect(nodesOf(share, size)).toBe(nodes);
  });

  it.each(["10", "0%", "00%", "101%", "-1%", "ten", 0, 1.5])("is not %j", (share) => {
    expect(Share.safeParse(share).success).toBe(false);
  });

  it("is whole where it can be: no node is lost to rounding", () => {
    for (let percent = 1; percent <= 100; percent++) {
      expect(nodesOf(`${percent}%`, 100)).toBe(percent);
    }
  });
});

describe("a group's policies", () => {
  const group = (change: object) => ({ groups: [{ name: "nomad-clients", ...change }] });

  it("leave recommendations alone, replace what is to be retired, and report what is left", () => {
    expect(testConfig().groups[0]).toMatchObject({
      events: {
        rebalance: "ignore",
        health: { action: "replace", windows: [] },
        retained: "report",
        leftOver: "report",
      },
      budget: { pool: "10%", zone: "25%" },
      heal: { toleranceSeconds: 600, softToleranceSeconds: 1_800, units: ["consul", "nomad"] },
    });
  });

  it.each([
    [{ events: { rebalance: "kill" } }, "groups.0.events.rebalance"],
    [{ events: { health: { windows: [{ from: "2:00", to: "05:00" }] } } }, "time of day in UTC"],
    [{ events: { health: { windows: [{ days: ["Mon"], from: "02:00", to: "05:00" }] } } }, "days"],
    [{ budget: { pool: "a tenth" } }, "a share from 1% to 100%"],
    [{ heal: { units: ["nomad; rm -rf /"] } }, "the name of a systemd unit"],
    [{ heal: { toleranceSecond: 600 } }, "toleranceSecond"],
  ])("name what is wrong: %j", (change, text) => {
    expect(() => parseConfig({ ...testConfig(), ...group(change) }, "it")).toThrow(text);
  });
});
