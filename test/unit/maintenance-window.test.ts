import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MaintenanceWindow } from "../../lambdas/contracts/config/node-policies.ts";
import { beginsAt } from "../../lambdas/domain/choice/maintenance-window.ts";

// A Thursday.
const NOW = new Date("2026-01-01T12:00:00Z");
const DAYS: MaintenanceWindow["days"] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const daily = (from: string, to: string, days = DAYS): MaintenanceWindow => ({ days, from, to });
const latest = new Date("2026-01-20T00:00:00Z");

describe("when work may begin", () => {
  it("is at once where there are no windows", () => {
    expect(beginsAt([], NOW, latest)).toEqual(NOW);
  });

  it("is at once while a window is open", () => {
    expect(beginsAt([daily("11:00", "13:00")], NOW, latest)).toEqual(NOW);
  });

  it("is when the next one opens, today or on a later day", () => {
    expect(beginsAt([daily("22:00", "23:00")], NOW, latest)).toEqual(
      new Date("2026-01-01T22:00:00Z"),
    );
    expect(beginsAt([daily("02:00", "05:00")], NOW, latest)).toEqual(
      new Date("2026-01-02T02:00:00Z"),
    );
    expect(beginsAt([daily("02:00", "05:00", ["wed"])], NOW, latest)).toEqual(
      new Date("2026-01-07T02:00:00Z"),
    );
  });

  it("is the earliest of several", () => {
    const windows = [daily("02:00", "05:00", ["wed"]), daily("20:00", "21:00", ["sat"])];
    expect(beginsAt(windows, NOW, latest)).toEqual(new Date("2026-01-03T20:00:00Z"));
  });

  it("is in a window that was opened yesterday and lasts past midnight", () => {
    const night = new Date("2026-01-02T01:00:00Z");
    expect(beginsAt([daily("23:00", "03:00", ["thu"])], night, latest)).toEqual(night);
    expect(beginsAt([daily("23:00", "03:00", ["fri"])], night, latest)).toEqual(
      new Date("2026-01-02T23:00:00Z"),
    );
  });

  it("is just in time where no window comes before that", () => {
    const soon = new Date("2026-01-01T15:00:00Z");
    expect(beginsAt([daily("22:00", "23:00")], NOW, soon)).toEqual(soon);
    expect(beginsAt([daily("22:00", "23:00")], latest, soon)).toEqual(latest);
  });

  it("is never before now, nor after the latest time unless that has passed", () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
    const window = fc.record({
      days: fc.subarray([...DAYS], { minLength: 1 }),
      from: time,
      to: time,
    });
    fc.assert(
      fc.property(
        fc.array(window, { maxLength: 3 }),
        fc.integer({ min: -100_000, max: 1_000_000 }),
        (windows, seconds) => {
          const end = new Date(NOW.getTime() + seconds * 1_000);
          const begin = beginsAt(windows, NOW, end);
          expect(begin.getTime()).toBeGreaterThanOrEqual(NOW.getTime());
          expect(begin.getTime()).toBeLessThanOrEqual(Math.max(NOW.getTime(), end.getTime()));
        },
      ),
    );
  });
});
