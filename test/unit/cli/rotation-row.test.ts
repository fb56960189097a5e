import { expect, it } from "vitest";
import { rotationRow } from "../../../bin/cli/rotation-row.ts";
import { RotationItem } from "../../../lambdas/contracts/rotation-item.ts";

const NOW = new Date("2026-01-31T00:00:00Z");
const ID = "10000000-0000-4000-8000-000000000001";
const DAY = 86_400;

function row(change: object) {
  const name = "nomad-token";
  const record = RotationItem.parse({ name, kind: "vault-token", version: 1, ...change });
  const [, kind, age, next, state, waitsFor] = rotationRow(record, NOW);
  return { kind, age, next, state, waitsFor };
}

const current = { version: "v1", accessor: "a1", createdAt: "2026-01-11T00:00:00.000Z" };
const plan = { everySeconds: 30 * DAY, startedBy: "schedule" };
const attempt = { id: ID, startedAt: "2026-01-31T00:00:00.000Z", by: "schedule", mints: 1 };
const waiting = { step: "verify-use", since: "2026-01-31T00:00:00.000Z", why: "nobody has" };
const last = { attempt: ID, at: "2026-01-26T00:00:00.000Z", outcome: "rotated", why: "it is" };

it.each([
  ["nothing yet", {}, { age: "-", next: "-", state: "not known yet", waitsFor: "-" }],
  [
    "what was found and never rotated",
    { current, plan },
    { age: "20 d", next: "in 10 d", state: "never rotated", waitsFor: "-" },
  ],
  [
    "what Secrets Manager starts",
    { current, plan: { ...plan, startedBy: "secrets-manager" } },
    { next: "in 10 d, by Secrets Manager" },
  ],
  ["what is due", { current, plan: { ...plan, everySeconds: 20 * DAY } }, { next: "due" }],
  ["what is of unknown age", { plan }, { age: "-", next: "due" }],
  [
    "what holds nothing",
    {
      plan: { ...plan, startedBy: "secrets-manager" },
      nothingSince: "2026-01-30T00:00:00.000Z",
    },
    { age: "-", next: "due", state: "holds nothing", waitsFor: "its first value" },
  ],
  [
    "what holds nothing, since the first value did not work",
    {
      plan,
      nothingSince: "2026-01-30T00:00:00.000Z",
      last: { ...last, outcome: "taken-back", why: "it does not work" },
    },
    { state: "holds nothing", waitsFor: "it does not work" },
  ],
  [
    "what was rotated",
    { current, plan, last, rotatedAt: "2026-01-30T23:59:00.000Z" },
    { age: "60 s", next: "in 30 d", state: "rotated", waitsFor: "-" },
  ],
  [
    "what ends",
    { current: { ...current, expiresAt: "2026-02-01T00:00:00.000Z" }, plan },
    { state: "never rotated", waitsFor: "expires 2026-02-01T00:00:00.000Z" },
  ],
  [
    "what has ended",
    { current: { ...current, expiresAt: "2026-01-30T00:00:00.000Z" }, plan, last },
    { state: "expired" },
  ],
  [
    "what is under way",
    { current, plan, attempt, waiting },
    { next: "under way", state: "verify-use", waitsFor: "nobody has" },
  ],
  ["what has just begun", { attempt }, { state: "starting", waitsFor: "-" }],
  [
    "what is taken back",
    {
      current,
      attempt: { ...attempt, takenBack: { at: "2026-01-31T00:00:00.000Z", why: "i-1 can't" } },
      waiting: { ...waiting, step: "revoke-new" },
    },
    { state: "taken back: revoke-new", waitsFor: "i-1 can't" },
  ],
  [
    "what was taken back",
    { current, plan, last: { ...last, outcome: "taken-back", why: "i-1 could not" } },
    { state: "taken-back", waitsFor: "i-1 could not" },
  ],
])("%s", (_, change, expected) => {
  expect(row(change)).toMatchObject({ kind: "vault-token", ...expected });
});
