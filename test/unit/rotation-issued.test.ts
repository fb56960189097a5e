import { expect, test } from "vitest";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import { behind } from "../../lambdas/domain/rotate/issued.ts";
import { newRecord, type RotationRecord } from "../../lambdas/domain/rotate/record.ts";
import { Rotating } from "../../lambdas/domain/rotate/rotating.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createRotationWorld } from "../../local/rotation-ports.ts";

const HOUR = 3_600;
const PKI = { role: "nomad", startedBy: "schedule" };
const LEAF = { kind: "vault-certificate", commonName: "a.nomad", ...PKI };
const [ca, leaf] = Rotate.parse({
  of: [
    {
      ...{ kind: "vault-ca", name: "ca", secret: "ca", commonName: "CA", testName: "a.nomad" },
      ...{ ttlSeconds: 400 * HOUR, everySeconds: 100 * HOUR, ...PKI },
    },
    { name: "leaf", secret: "leaf", everySeconds: 4 * HOUR, ...LEAF },
  ],
}).of;

/** Whether the certificate is behind, of whose rotation this is known. */
async function isBehind(
  record: Partial<RotationRecord>,
  { holds = "new", now = 0 }: { holds?: string; now?: number } = {},
) {
  if (ca?.kind !== "vault-ca" || leaf?.kind !== "vault-certificate") throw new Error("other kinds");
  const clock = new VirtualClock();
  const since = clock.now();
  await clock.advance(now || HOUR);
  const aws = new AwsModel({ clock });
  aws.secrets.create("leaf", JSON.stringify({ certificate: holds }));
  const { ports } = createRotationWorld({
    aws,
    kindOf: () => expect.fail("no server is asked"),
    issuedBy: () => [leaf],
  });
  await ports.rotations.put({ ...newRecord(leaf.name, leaf.kind), ...record });
  const pass = new Rotating(ca, newRecord(ca.name, ca.kind), ports, "act");
  return behind(pass, since, ({ certificate }) => certificate === "new");
}

const START = new VirtualClock().now();
const LATER = plusSeconds(START, 60);
const BEHIND = { names: ["leaf"], isLate: false };

test("one that was rotated since then, and holds what it should, is not", async () => {
  expect(await isBehind({ rotatedAt: LATER })).toEqual({ names: [], isLate: false });
});

test("one that was never rotated, or not since then, is", async () => {
  expect(await isBehind({})).toEqual(BEHIND);
  expect(await isBehind({ rotatedAt: START })).toEqual(BEHIND);
});

test("one that began before and ended since then is, for it holds what it should not", async () => {
  expect(await isBehind({ rotatedAt: LATER }, { holds: "old" })).toEqual(BEHIND);
});

test("one of which another attempt is under way is: not all of its consumers were told yet", async () => {
  const id = AttemptId.parse("20000000-0000-4000-8000-000000000001");
  const attempt = { id, startedAt: LATER, by: "schedule", mints: 1 } as const;
  expect(await isBehind({ rotatedAt: LATER, attempt })).toEqual(BEHIND);
});

test("it is late when that takes longer than it should", async () => {
  expect(await isBehind({}, { now: 6 * HOUR })).toEqual(BEHIND);
  expect(await isBehind({}, { now: 7 * HOUR })).toEqual({ ...BEHIND, isLate: true });
});
