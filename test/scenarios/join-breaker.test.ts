import { expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { Launches } from "../helpers/launches.ts";

const join = { timeoutSeconds: 120 };
const outcomes = (scenario: Launches) => scenario.ports.told.map(({ outcome }) => outcome);

it("abandons each instance that never becomes healthy once, and the third opens the breaker", async () => {
  const scenario = new Launches({ image: { failure: { kind: "no-nomad" } }, join });
  scenario.launchOne();
  await scenario.until(() => scenario.metric(METRICS.joinBreakerOpen) > 0, 3_600);
  expect(scenario.metric(METRICS.joinAbandoned)).toBe(3);
  await scenario.until(() => outcomes(scenario).includes("let-in-unproven"), 7_200);
  expect(outcomes(scenario)).toEqual(["abandoned", "abandoned", "abandoned", "let-in-unproven"]);
  const last = scenario.ports.told.at(-1);
  await scenario.clock.advance(3_600);
  expect(scenario.lifecycleState(last?.nodeId)).toBe("InService");
  expect(scenario.members()).toHaveLength(2);
  expect(outcomes(scenario)).toHaveLength(4);
});

it("lets an instance in ineligible while the breaker is open", async () => {
  const scenario = new Launches({
    image: { failure: { kind: "no-consul" }, defaultIneligible: false },
    join: { ...join, breaker: { abandons: 1 } },
    aws: { clientIntroduction: { enforcement: "none" } },
  });
  scenario.launchOne();
  await scenario.until(() => outcomes(scenario).includes("let-in-unproven"), 3_600);
  const last = scenario.ports.told.at(-1)?.nodeId;
  expect(scenario.node(last)).toMatchObject({ status: "ready", eligible: false });
});

it("counts what was abandoned within the window, whatever joined well in between", async () => {
  const failure = (number: number) =>
    number % 2 === 0 ? ({ kind: "no-nomad" } as const) : undefined;
  const scenario = new Launches({ image: { failure }, join });
  for (let round = 0; round < 3; round++) {
    scenario.launchOne();
    await scenario.until(
      () => outcomes(scenario).filter((outcome) => outcome === "joined").length === round + 1,
      3_600,
    );
  }
  expect(scenario.metric(METRICS.joinAbandoned)).toBe(3);
  expect(scenario.metric(METRICS.joinBreakerOpen)).toBe(1);
});

it("makes an instance ineligible that was let in and came up later, and eligible", async () => {
  const scenario = new Launches({
    image: { bootSeconds: 400, defaultIneligible: false },
    join: { timeoutSeconds: 60, breaker: { abandons: 1 } },
    aws: { clientIntroduction: { enforcement: "none" } },
  });
  scenario.launchOne();
  await scenario.until(() => outcomes(scenario).includes("let-in-unproven"), 7_200);
  const last = scenario.ports.told.at(-1)?.nodeId;
  expect(scenario.lifecycleState(last)).toBe("InService");
  expect(scenario.node(last)).toMatchObject({ status: "ready", eligible: false });
});

it("abandons again when the window is over", async () => {
  const breaker = { abandons: 1, windowSeconds: 7_200 };
  const scenario = new Launches({
    image: { failure: { kind: "no-nomad" } },
    join: { ...join, breaker },
  });
  scenario.launchOne();
  await scenario.until(() => outcomes(scenario).includes("let-in-unproven"), 7_200);
  await scenario.clock.advance(7_200);
  const late = scenario.launchOne();
  expect(await scenario.finished(late, 7_200)).toBe("abandoned");
});
