import { describe, expect, it } from "vitest";
import { Launches } from "../helpers/launches.ts";

describe("an operator's switch", () => {
  it("in pause keeps the instance waiting, past its hook's timeout, and gives it nothing", async () => {
    const scenario = new Launches({ join: { timeoutSeconds: 1_700 } });
    scenario.control.turn("pause");
    const id = scenario.launchOne();
    await scenario.clock.advance(1_200);
    expect(scenario.lifecycleState(id)).toBe("Pending:Wait");
    expect(scenario.traces(id)).toEqual([]);
    scenario.control.turn("act");
    expect(await scenario.finished(id)).toBe("joined");
  });

  it("in observe changes nothing and says what it would do", async () => {
    const scenario = new Launches({
      image: { introductionPath: false },
      aws: { clientIntroduction: { enforcement: "none" } },
      join: { timeoutSeconds: 120 },
    });
    scenario.control.turn("observe");
    const id = scenario.launchOne();
    await scenario.finished(id);
    expect(scenario.witness.completions).toEqual([]);
    expect(scenario.node(id)?.eligible).toBe(false);
    expect(scenario.traces(id)).not.toContain("a Consul token");
    expect(scenario.traces(id)).not.toContain("a parameter");
    const record = await scenario.record(id);
    const entries = await scenario.journal.read(record?.nodeId ?? fail());
    expect(entries.filter(({ kind }) => kind === "did")).toEqual([]);
    const would = entries.filter(({ kind }) => kind === "would").map(({ text }) => text);
    expect(would).toContain("would have handed it its introduction");
  });
});

function fail(): never {
  throw new Error("there is no record");
}
