import { expect, it } from "vitest";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { KnownHosts } from "../../lambdas/domain/sweep/known-hosts.ts";
import type { Look } from "../../lambdas/domain/sweep/look.ts";
import type { InstanceSurvey } from "../../lambdas/domain/sweep/ports.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { modelAwsSurveys } from "../../local/aws/ports/survey-ports.ts";
import { VirtualClock } from "../../local/clock.ts";

const look: Look = async (_, read) => read();
const ids = Array.from({ length: 4_500 }, (_, n) =>
  InstanceId.parse(`i-${n.toString(16).padStart(17, "0")}`),
);

/** An EC2 that knows every instance, and what it was asked. */
function everybody() {
  const asked: number[] = [];
  const byId: InstanceSurvey["byId"] = async (some) => {
    asked.push(some.length);
    return some.map((id) => ({
      id,
      state: "running",
      group: null,
      hostName: `${id}.internal`,
      address: null,
    }));
  };
  const { instances } = modelAwsSurveys(new AwsModel({ clock: new VirtualClock() }));
  return { asked, instances: { ...instances, byId } };
}

it("what instances are called is asked for once, some of them in each sweep", async () => {
  const clock = new VirtualClock();
  const { asked, instances } = everybody();
  const hosts = new KnownHosts();
  const known: number[] = [];
  for (let minute = 0; minute < 5; minute++) {
    known.push((await hosts.of(ids, { instances, clock }, look)).size);
    await clock.advance(60);
  }
  expect(known).toEqual([2_000, 4_000, 4_500, 4_500, 4_500]);
  expect(asked).toEqual([2_000, 2_000, 500]);
});

it("those that are members no more are forgotten", async () => {
  const clock = new VirtualClock();
  const { asked, instances } = everybody();
  const hosts = new KnownHosts();
  await hosts.of(ids.slice(0, 20), { instances, clock }, look);
  const left = await hosts.of(ids.slice(10, 30), { instances, clock }, look);
  expect([...left.keys()].sort()).toEqual(ids.slice(10, 30));
  expect(asked).toEqual([20, 10]);
});
