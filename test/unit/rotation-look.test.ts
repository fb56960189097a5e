import { expect, it } from "vitest";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { PortError } from "../../lambdas/domain/ports/errors.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import { lookAtAll } from "../../lambdas/domain/rotate/look-at-all.ts";
import type { Rotator } from "../../lambdas/domain/rotate/rotator.ts";
import type { Watched } from "../../lambdas/domain/rotate/watched.ts";
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
  const { ports, journal, watch, counted, told } = createRotationWorld({ aws, kindOf: () => kind });
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
  return { rotator, asked, seconds, journal, written: () => watch.latest(), counted, told };
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

/** What nobody rotates. */
function watchedOne(name: string, look: Watched["look"]): Watched {
  return { name, kind: "jwt", what: `the JWT of ${name}`, fix: "put a new one", look };
}
const away = async () => {
  throw new PortError("nomad", "unavailable", "no answer within 5 s");
};

it("what nobody rotates has its time, however long the rotations take; a look that is half blind counts once", async () => {
  const { rotator, counted, written } = hanging();
  const ended = async () => ({ expiresAt: new Date(BEGUN_AT) });
  const watched = [watchedOne("a", away), watchedOne("b", ended), watchedOne("c", away)];
  await lookAtAll({ ...rotator, watched });
  expect(counted.get(METRICS.rotationUnwatched)).toBe(1);
  expect(written()?.credentials.map(({ name, state }) => [name, state])).toEqual([
    ["a", "unseen"],
    ["b", "dead"],
    ["c", "unseen"],
  ]);
});

it("a defect in one look is thrown when all have been looked at, and is told in no record", async () => {
  const { rotator, seconds, written } = hanging();
  const broken = async () => {
    throw new TypeError("planted");
  };
  const watched = [watchedOne("a", broken), watchedOne("b", async () => ({}))];
  await expect(lookAtAll({ rotations: [], watched, ports: rotator.ports })).rejects.toThrow(
    "TypeError: planted",
  );
  expect(seconds).toHaveLength(1);
  expect(written()?.credentials).toMatchObject([
    { state: "unseen", why: expect.stringMatching(/a defect of Drover's/) },
    { state: "lives" },
  ]);
  expect(JSON.stringify(written())).not.toContain("planted");
});

it("what can't be written down is a look that saw nothing; what was seen is told all the same", async () => {
  const { rotator, counted, told } = hanging();
  const watch = {
    put: async () => {
      throw new PortError("dynamodb", "unavailable", "no table");
    },
  };
  const watched = [watchedOne("a", async () => undefined)];
  await lookAtAll({ rotations: [], watched, ports: { ...rotator.ports, watch } });
  expect(counted.get(METRICS.rotationUnwatched)).toBe(1);
  expect(told()).toMatchObject([
    { name: "a", outcome: "expiring", why: "its server does not know the JWT of a: put a new one" },
  ]);
});
