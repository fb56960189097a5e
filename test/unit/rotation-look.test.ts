import { expect, it } from "vitest";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import { lookAtAll } from "../../lambdas/domain/rotate/look-at-all.ts";
import type { Rotator } from "../../lambdas/domain/rotate/rotator.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createRotationWorld } from "../../local/rotation-ports.ts";

const COUNT = 200;
const BEGUN_AT = new Date("2026-01-01T00:00:00Z").getTime();

/** Many rotations of a server that lets everybody wait for five seconds, and then does not answer. */
function hanging() {
  const aws = new AwsModel({ clock: new VirtualClock() });
  const asked: string[] = [];
  let now = BEGUN_AT;
  const identify = async ({ token = "" }) => {
    asked.push(token);
    // Ten are asked at the same time.
    now += 500;
    throw new PortError("vault", "unavailable", "no answer within 5 s");
  };
  const kind = { identify } as Partial<Kind> as Kind;
  const { ports, journal, counted } = createRotationWorld({ aws, kindOf: () => kind });
  const names = Array.from({ length: COUNT }, (_, n) => `token-${n}`);
  for (const name of names) aws.secrets.create(name, name);
  const settings = { kind: "vault-token", role: "nomad" };
  const { of: rotations } = Rotate.parse({
    of: names.map((name) => ({ ...settings, name, secret: name })),
  });
  const seconds: number[] = [];
  const metrics = { ...ports.metrics, seconds: (_: string, value: number) => seconds.push(value) };
  const clock = { now: () => new Date(now) };
  const rotator: Rotator = { rotations, ports: { ...ports, metrics, clock } };
  return { rotator, asked, seconds, journal, counted };
}

it("a look at many comes to its end though their server hangs, and says what it could not see", async () => {
  const { rotator, asked, seconds, journal, counted } = hanging();
  await lookAtAll(rotator);
  expect(asked.length).toBeLessThan(COUNT / 2);
  expect(seconds).toEqual([expect.closeTo(18, -1)]);
  expect(counted.get(METRICS.rotationUnwatched)).toBe(1);
  const texts = journal.all().map(({ text }) => text);
  expect(texts).toHaveLength(COUNT);
  expect(texts).toContain("can't see how it stands: no answer within 5 s");
  expect(texts).toContain("can't see how it stands: no time was left for it");
});

it("the next looks begin with those that were not looked at for the longest", async () => {
  const { rotator, asked } = hanging();
  while (asked.length < COUNT) await lookAtAll(rotator);
  expect(new Set(asked.slice(0, COUNT)).size).toBe(COUNT);
});
