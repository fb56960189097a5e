import { expect, it } from "vitest";
import { InstanceId, TickId } from "../../lambdas/contracts/ids.ts";
import { chooseNews } from "../../lambdas/domain/sweep/choose-news.ts";
import type { Finding } from "../../lambdas/domain/sweep/finding.ts";
import type { Look } from "../../lambdas/domain/sweep/look.ts";
import type { RecordSurvey } from "../../lambdas/domain/sweep/ports.ts";
import { RecentlyTold } from "../../lambdas/domain/sweep/recently-told.ts";
import { resendTicks } from "../../lambdas/domain/sweep/resend-ticks.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { testConfig } from "../helpers/config.ts";

const look: Look = async (_, read) => read();
const silent = { info: () => undefined, warn: () => undefined };

function found(number: number): Finding {
  return {
    instanceId: InstanceId.parse(`i-${number.toString(16).padStart(17, "0")}`),
    flow: "drain-client",
    reason: "terminate-hook",
    why: "it waits",
    about: "hook",
  };
}

/** What is news about findings of which the flows have read nothing yet. */
class Backlog {
  readonly clock = new VirtualClock();
  readonly asked: number[] = [];
  readonly #told = new RecentlyTold();
  readonly #records: RecordSurvey = {
    overdue: async () => [],
    records: async (ids) => {
      this.asked.push(ids.length);
      return new Map();
    },
  };

  /** Tells what is news. @returns how many. */
  async tell(findings: readonly Finding[]): Promise<number> {
    const { clock } = this;
    const ports = { records: this.#records, log: silent, clock };
    const news = await chooseNews(findings, this.#told, ports, testConfig(), look);
    this.#told.add(
      "drain-client",
      news.map(({ hint }) => hint),
      clock.now(),
    );
    return news.length;
  }
}

it("a mass event is told a thousand at a time, each once, while its flow can't keep up", async () => {
  const backlog = new Backlog();
  const findings = Array.from({ length: 2_300 }, (_, n) => found(n));
  const told: number[] = [];
  for (let minute = 0; minute < 4; minute++) {
    told.push(await backlog.tell(findings));
    await backlog.clock.advance(60);
  }
  // What is still in no record after three minutes is told again: a hint can have been refused.
  expect(told).toEqual([1_000, 1_000, 300, 1_000]);
  expect(Math.max(...backlog.asked)).toBeLessThanOrEqual(500);
});

it("a tick whose flow can't keep up is sent again ever more rarely", async () => {
  const clock = new VirtualClock();
  const tick = { nodeId: InstanceId.parse("i-0a0a0a0a"), tickId: TickId.parse("tick") };
  const at = plusSeconds(clock.now(), -50);
  const sentAfter: number[] = [];
  const ports = {
    clock,
    log: silent,
    metrics: { count: () => undefined, seconds: () => undefined },
    records: {
      overdue: async (before: Date) =>
        at < before ? [{ flow: "drain-client" as const, tick, at }] : [],
    },
    ticks: {
      resend: async () => void sentAfter.push((clock.now().getTime() - at.getTime()) / 60_000),
    },
  };
  for (let minute = 0; minute < 40; minute++) {
    await resendTicks(ports, look);
    await clock.advance(60);
  }
  expect(sentAfter.map(Math.floor)).toEqual([1, 2, 4, 8, 16, 32]);
});
