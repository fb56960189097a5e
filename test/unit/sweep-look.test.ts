import { expect, it } from "vitest";
import { InstanceId, NomadNodeId } from "../../lambdas/contracts/ids.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import type { Within } from "../../lambdas/domain/ports/within.ts";
import { looking } from "../../lambdas/domain/sweep/look.ts";
import { placeNodes } from "../../lambdas/domain/sweep/place-nodes.ts";
import type { NomadSurvey, SurveyedNode } from "../../lambdas/domain/sweep/ports.ts";
import { within } from "../../lambdas/runtime/time-limit.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { testConfig } from "../helpers/config.ts";

/** Sixteen seconds to look, as a sweep has them. */
function sixteenSeconds() {
  const clock = new VirtualClock();
  const given: number[] = [];
  const counted: string[] = [];
  const warned: string[] = [];
  const watched: Within = (work, seconds) => {
    given.push(seconds);
    return work;
  };
  const ports = {
    clock,
    within: watched,
    metrics: { count: (name: string) => void counted.push(name), seconds: () => undefined },
    log: {
      info: () => undefined,
      warn: (text: string, details = {}) => void warned.push(`${text} ${JSON.stringify(details)}`),
    },
  };
  return { clock, given, counted, warned, look: looking(ports, plusSeconds(clock.now(), 16)) };
}

it("a source has ten seconds, and no more than is left for all of them", async () => {
  const { clock, given, counted, warned, look } = sixteenSeconds();
  expect(await look("the first", async () => 1)).toBe(1);
  await clock.advance(12);
  expect(await look("the second", async () => 2)).toBe(2);
  await clock.advance(4);
  let wasRead = false;
  expect(await look("the third", async () => (wasRead = true))).toBeUndefined();

  expect(given).toEqual([10, 4]);
  expect(wasRead).toBe(false);
  expect(counted).toEqual([METRICS.sweepBlind]);
  expect(warned.join()).toContain("the third could not be read");
  expect(warned.join()).toContain("no time was left");
});

it("what takes too long is not waited for", async () => {
  const { promise } = Promise.withResolvers<never>();
  const error = await within(promise, 0.01).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PortError);
  expect(error).toMatchObject({ kind: "unavailable", message: "it took longer than 0.01 s" });
  expect(await within(Promise.resolve("here"), 60)).toBe("here");
});

it("a Nomad that answers slowly does not use up the time of the others", async () => {
  const { clock, look } = sixteenSeconds();
  const begun = clock.now().getTime();
  const nodes = Array.from({ length: 60 }, (_, n): SurveyedNode => {
    const id = NomadNodeId.parse(`00000000-0000-4000-8000-${`${n}`.padStart(12, "0")}`);
    const rest = { eligible: true, address: "10.0.0.1", nodePool: "default", lastDrain: null };
    return { id, name: `host-${n}`, status: "down", ...rest };
  });
  let read = 0;
  const place: NomadSurvey["place"] = async () => {
    // Five are read at the same time, and together take three seconds.
    if (read++ % 5 === 0) await clock.advance(3);
    return { instanceId: InstanceId.parse("i-0a0a0a0a"), zone: null, isOnlyDrained: false };
  };
  const placing = {
    config: testConfig(),
    byHost: () => undefined,
    isKnown: () => false,
    now: clock.now(),
  };
  const placed = await placeNodes(nodes, placing, { nomad: { place }, clock }, look);

  expect((clock.now().getTime() - begun) / 1_000).toBeLessThan(10);
  expect(placed.get(InstanceId.parse("i-0a0a0a0a"))).toHaveLength(10);
});
