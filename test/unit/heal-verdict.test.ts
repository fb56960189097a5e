import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Signs } from "../../lambdas/domain/heal/signs.ts";
import { verdictOf } from "../../lambdas/domain/heal/verdict.ts";

const WELL: Signs = {
  machine: "running",
  system: "ok",
  instance: "ok",
  attachedEbs: "not-applicable",
  ssm: "online",
  nomad: "ready",
  hasNewLeader: false,
  consul: "alive",
};

const CHECKS = [
  "ok",
  "impaired",
  "initializing",
  "insufficient-data",
  "not-applicable",
  "unknown",
] as const;

const AnySigns = fc.record({
  machine: fc.constantFrom("running", "pending", "stopped", "gone", "unknown"),
  system: fc.constantFrom(...CHECKS),
  instance: fc.constantFrom(...CHECKS),
  attachedEbs: fc.constantFrom(...CHECKS),
  ssm: fc.constantFrom("online", "silent", "none", "unknown"),
  nomad: fc.constantFrom("ready", "initializing", "down", "disconnected", "missing", "unknown"),
  hasNewLeader: fc.boolean(),
  consul: fc.constantFrom("alive", "failed", "missing", "none", "unknown"),
}) satisfies fc.Arbitrary<Signs>;

type Row = readonly [why: string, Partial<Signs>, name: string, weight: string, restart?: true];

const TABLE: readonly Row[] = [
  ["all is well", {}, "healthy", "well"],
  ["without Consul and SSM", { consul: "none", ssm: "none" }, "healthy", "well"],
  ["its checks are not made yet", { system: "initializing" }, "healthy", "well"],
  ["EC2 has no data", { instance: "insufficient-data" }, "healthy", "well"],
  ["Nomad has a new leader, and hears it", { hasNewLeader: true }, "healthy", "well"],

  ["Nomad down, SSM online", { nomad: "down" }, "nomad-down", "hard", true],
  ["Nomad down, SSM silent", { nomad: "down", ssm: "silent" }, "nomad-down", "hard"],
  ["Nomad down, no SSM agent", { nomad: "down", ssm: "none" }, "nomad-down", "hard"],
  ["Nomad down, SSM unread", { nomad: "down", ssm: "unknown" }, "nomad-down", "hard"],
  ["Nomad down, Consul unread", { nomad: "down", consul: "unknown" }, "nomad-down", "hard", true],
  ["Nomad and Consul down", { nomad: "down", consul: "failed" }, "nomad-down", "hard", true],
  ["no Nomad node", { nomad: "missing" }, "nomad-missing", "hard", true],
  ["no Nomad node, SSM silent", { nomad: "missing", ssm: "silent" }, "nomad-missing", "hard"],
  ["disconnected", { nomad: "disconnected" }, "nomad-disconnected", "soft", true],
  ["registered, not ready", { nomad: "initializing" }, "nomad-starting", "soft"],

  ["Consul failed", { consul: "failed" }, "consul-failed", "soft", true],
  ["Consul lost it", { consul: "missing" }, "consul-failed", "soft", true],
  ["Consul failed, SSM silent", { consul: "failed", ssm: "silent" }, "consul-failed", "soft"],

  ["system check", { system: "impaired" }, "system-impaired", "hard"],
  ["instance check", { instance: "impaired" }, "instance-impaired", "hard"],
  ["EBS check", { attachedEbs: "impaired" }, "ebs-impaired", "hard"],
  [
    "both checks, and Nomad down",
    { system: "impaired", instance: "impaired", nomad: "down" },
    "system-impaired",
    "hard",
  ],
  [
    "a broken host while Nomad has no leader",
    { system: "impaired", nomad: "unknown" },
    "system-impaired",
    "hard",
  ],

  ["SSM alone", { ssm: "silent" }, "ssm-silent", "reported"],
  ["SSM alone, without Consul", { ssm: "silent", consul: "none" }, "ssm-silent", "reported"],

  ["Nomad unread", { nomad: "unknown" }, "unknowable", "open"],
  ["Nomad unread, Consul failed", { nomad: "unknown", consul: "failed" }, "unknowable", "open"],
  ["Consul unread", { consul: "unknown" }, "unknowable", "open"],
  ["SSM unread", { ssm: "unknown" }, "unknowable", "open"],
  ["status checks unread", { system: "unknown" }, "unknowable", "open"],
  ["SSM silent, Consul unread", { ssm: "silent", consul: "unknown" }, "unknowable", "open"],
  ["down, new leader", { nomad: "down", hasNewLeader: true }, "unknowable", "open"],
  ["missing, new leader", { nomad: "missing", hasNewLeader: true }, "unknowable", "open"],
  ["disconnected, new leader", { nomad: "disconnected", hasNewLeader: true }, "unknowable", "open"],

  ["stopped", { machine: "stopped", instance: "impaired" }, "not-running", "others"],
  ["gone", { machine: "gone", nomad: "down" }, "not-running", "others"],
];

describe("the verdict", () => {
  for (const [why, signs, name, weight, restart] of TABLE) {
    it(`${why}: ${name}`, () => {
      const verdict = verdictOf({ ...WELL, ...signs });
      expect(verdict).toMatchObject({ name, weight, isRestartable: restart ?? false });
    });
  }

  it("says whether a restart is possible", () => {
    expect(verdictOf({ ...WELL, nomad: "down", ssm: "silent" }).reach).toMatch(/does not reach/);
    expect(verdictOf({ ...WELL, nomad: "down" }).reach).toMatch(/can be restarted/);
    expect(verdictOf({ ...WELL, system: "impaired" }).reach).toBeUndefined();
  });

  it("never takes what could not be read for bad news", () => {
    fc.assert(
      fc.property(
        AnySigns,
        fc.constantFrom(...(Object.keys(WELL) as (keyof Signs)[])),
        (signs, key) => {
          if (key === "hasNewLeader") return;
          const read = verdictOf({ ...signs, [key]: WELL[key] });
          const unread = verdictOf({ ...signs, [key]: "unknown" });
          if (read.weight === "well") expect(unread.weight).toBe("open");
          if (unread.weight === "hard" || unread.weight === "soft") {
            expect(unread.name).toBe(read.name);
          }
        },
      ),
    );
  });

  it("has nothing restarted on a machine that Systems Manager does not reach", () => {
    fc.assert(
      fc.property(AnySigns, (signs) => {
        if (verdictOf(signs).isRestartable) expect(signs.ssm).toBe("online");
      }),
    );
  });

  it("calls a node well only when every source was read and none is bad", () => {
    fc.assert(
      fc.property(AnySigns, (signs) => {
        if (verdictOf(signs).weight !== "well") return;
        expect(Object.values(signs)).not.toContain("unknown");
        expect(Object.values(signs)).not.toContain("impaired");
        expect(signs.nomad).toBe("ready");
      }),
    );
  });
});
