import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DrainPolicy } from "../../lambdas/contracts/config.ts";
import { deadlineNanoseconds, drainEndsAt } from "../../lambdas/domain/drain/drain-deadline.ts";
import type { Allocation } from "../../lambdas/domain/ports/nomad.ts";

const policy = DrainPolicy.parse({ killMarginSeconds: 30 });
const now = new Date("2026-01-01T00:00:00Z");
const in_ = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const stopsIn = (stopSeconds: number): Allocation => ({
  id: "a",
  name: "a",
  namespace: "default",
  jobId: "a",
  group: "a",
  jobType: "service",
  clientStatus: "running",
  desiredStatus: "run",
  stopSeconds,
});

describe("when Nomad's drain ends", () => {
  it("is before the deadline by the policy's margin", () => {
    expect(drainEndsAt(in_(600), now, policy, [stopsIn(5)])).toEqual(in_(570));
  });

  it("is earlier still when a job may take longer to stop", () => {
    expect(drainEndsAt(in_(600), now, policy, [stopsIn(5), stopsIn(120)])).toEqual(in_(475));
  });

  it("leaves at least half of the time to a drain without force", () => {
    expect(drainEndsAt(in_(40), now, policy, [])).toEqual(in_(20));
  });

  it("is never after the deadline, nor before now while there is time", () => {
    const seconds = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(seconds, seconds, (left, stop) => {
        const end = drainEndsAt(in_(left), now, policy, [stopsIn(stop)]).getTime();
        expect(end).toBeLessThanOrEqual(in_(left).getTime());
        expect(end).toBeGreaterThanOrEqual(now.getTime());
      }),
    );
  });
});

describe("Nomad's Deadline", () => {
  it("is in nanoseconds", () => {
    expect(deadlineNanoseconds(in_(600), now)).toBe(600_000_000_000);
  });

  it("forces, and never means 'no deadline', when there is no time left", () => {
    for (const left of [0.999, 0, -5]) expect(deadlineNanoseconds(in_(left), now)).toBe(-1);
  });

  it("is a whole number that a JavaScript number holds exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 172_800_000 }), (milliseconds) => {
        const deadline = deadlineNanoseconds(new Date(now.getTime() + milliseconds), now);
        expect(Number.isSafeInteger(deadline)).toBe(true);
        expect(deadline).not.toBe(0);
      }),
    );
  });
});
