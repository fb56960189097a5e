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
  await scenario.until(() => outcomes(scenario).includes("let-in-unproven"), 3_600);
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

it("counts anew after an instance that joined well", async () => {
  const failure = (number: number) =>
    number % 3 === 1 && number > 3 ? undefined : ({ kind: "no-nomad" } as const);
  const scenario = new Launches({ image: { failure }, join });
  scenario.launchOne();
  await scenario.until(() => outcomes(scenario).includes("joined"), 3_600);
  scenario.launchOne();
  await scenario.until(
    () => outcomes(scenario).filter((outcome) => outcome === "joined").length === 2,
    3_600,
  );
  expect(scenario.metric(METRICS.joinAbandoned)).toBe(4);
  expect(scenario.metric(METRICS.joinBreakerOpen)).toBe(0);
});

it("abandons again when the window is over", async () => {
  const breaker = { abandons: 1, windowSeconds: 600 };
  const scenario = new Launches({
    image: { failure: { kind: "no-nomad" } },
    join: { ...join, breaker },
  });
  scenario.launchOne();
  await scenario.until(() => outcomes(scenario).includes("let-in-unproven"), 3_600);
  await scenario.clock.advance(600);
  const late = scenario.launchOne();
  expect(await scenario.finished(late, 3_600)).toBe("abandoned");
});
