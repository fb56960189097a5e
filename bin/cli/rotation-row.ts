import type { RotationItem } from "../../lambdas/contracts/rotation-item.ts";
import { span } from "./span.ts";

/** What `rotations` shows of one, a text a column. */
export function rotationRow(record: RotationItem, now: Date): string[] {
  const { name, kind } = record;
  return [name, kind, age(record, now), next(record, now), state(record, now), waitsFor(record)];
}

/** How long what is current has been so, as far as anybody knows. */
function age(record: RotationItem, now: Date): string {
  const since = bornAt(record);
  return since ? span(secondsBetween(since, now)) : "-";
}

function next(record: RotationItem, now: Date): string {
  const { plan, attempt, nothingSince } = record;
  if (attempt) return "under way";
  // The first value is not Secrets Manager's to begin.
  if (nothingSince) return "due";
  const since = bornAt(record);
  if (!plan) return "-";
  // What is of unknown age is due at the next look.
  const due = since ? since.getTime() + plan.everySeconds * 1_000 : now.getTime();
  const left = Math.round((due - now.getTime()) / 1_000);
  const when = left > 0 ? `in ${span(left)}` : "due";
  return plan.startedBy === "schedule" ? when : `${when}, by Secrets Manager`;
}

function state({ attempt, waiting, last, current, nothingSince }: RotationItem, now: Date): string {
  if (attempt?.takenBack) return `taken back: ${waiting?.step ?? "starting"}`;
  if (attempt) return waiting?.step ?? "starting";
  if (nothingSince) return "holds nothing";
  if (current?.expiresAt && current.expiresAt <= now) return "expired";
  if (last) return last.outcome;
  return current ? "never rotated" : "not known yet";
}

function waitsFor({ attempt, waiting, last, current, nothingSince }: RotationItem): string {
  if (attempt) return attempt.takenBack?.why ?? waiting?.why ?? "-";
  if (last?.outcome === "taken-back") return last.why;
  if (nothingSince) return "its first value";
  return current?.expiresAt ? `expires ${current.expiresAt.toISOString()}` : "-";
}

function bornAt({ rotatedAt, current }: RotationItem): Date | undefined {
  return rotatedAt ?? current?.createdAt;
}

/** Whole seconds from one time to another, and none if that was before. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));
}
