import { readdirSync } from "node:fs";
import type { EventKind } from "../../lambdas/contracts/message.ts";

/** What a documented event is to Drover. */
export interface FixtureEvent {
  readonly name: string;
  /** What it is read as. */
  readonly kind?: EventKind | "test-notification";
  /** What the reader says of one that Drover does not go by. */
  readonly refused?: RegExp;
  /** The trigger that it is, if any. */
  readonly trigger?: string;
  /** The trigger whose source and detail-type it has, for one that is not for its detail. */
  readonly resembles?: string;
}

const of = (kind: EventKind, trigger: string, ...names: readonly string[]): FixtureEvent[] =>
  names.map((name) => ({ name, kind, trigger }));
const refused = (reason: RegExp, resembles: string, ...names: readonly string[]): FixtureEvent[] =>
  names.map((name) => ({ name, refused: reason, resembles }));
const unknown = (...names: readonly string[]): FixtureEvent[] =>
  names.map((name) => ({ name, refused: /^source, detail-type: nothing here handles/ }));

const refresh = (stage: string) => `instance-refresh-${stage}`;

/** Every file in test/fixtures/events, with what it is to Drover. */
export const FIXTURE_EVENTS: readonly FixtureEvent[] = [
  ...of("terminate-hook", "terminate-hook", "terminate-lifecycle-action"),
  ...of("terminate-hook", "terminate-hook", "root-volume-terminate-lifecycle-action"),
  ...of("launch-hook", "launch-hook", "launch-lifecycle-action"),
  ...of("launch-hook", "launch-hook", "root-volume-launch-lifecycle-action"),
  ...of("spot-interruption", "spot-interruption", "spot-interruption-terminate"),
  ...of("spot-interruption", "spot-interruption", "spot-interruption-stop"),
  ...of("spot-interruption", "spot-interruption", "spot-interruption-hibernate"),
  ...of("rebalance", "rebalance", "rebalance-recommendation"),
  ...of("capacity-interruption", "capacity-interruption", "capacity-block-interruption"),
  ...of("capacity-interruption", "capacity-interruption", "interruptible-capacity-interruption"),
  ...of("state-change", "instance-ends", "state-change-stopping"),
  ...of("state-change", "instance-ends", "state-change-shutting-down"),
  ...of("state-change", "instance-ends", "state-change-terminated"),
  ...of("health", "health", "health-retirement", "health-two-instances", "health-closed"),
  ...of("health", "health", "health-page-1-of-2", "health-page-2-of-2"),
  ...of("health", "health", "health-without-entities", "health-dedicated-host"),
  ...of("status-alarm", "status-alarm", "alarm-status-check-system"),
  ...of("status-alarm", "status-alarm", "alarm-status-check-instance"),
  ...of("status-alarm", "status-alarm", "alarm-status-check-attached-ebs"),
  ...of("status-alarm", "status-alarm", "alarm-status-check-any", "alarm-status-check-over"),
  ...of("status-alarm", "status-alarm", "alarm-status-checks-math", "alarm-status-checks-of-two"),
  ...of("command-result", "command-result", "command-restart-agents"),
  ...of("refresh", "instance-refresh", refresh("started"), refresh("checkpoint-reached")),
  ...of("refresh", "instance-refresh", refresh("started-baking"), refresh("succeeded")),
  ...of("refresh", "instance-refresh", refresh("failed"), refresh("cancelled")),
  ...of("refresh", "instance-refresh", refresh("rollback-started")),
  ...of("refresh", "instance-refresh", refresh("rollback-succeeded")),
  ...of("refresh", "instance-refresh", refresh("rollback-failed")),
  // The schedule of a rule, and not a pattern, makes these.
  { name: "scheduled-event", kind: "scheduled" },
  { name: "test-notification", kind: "test-notification" },
  ...refused(/^detail\.state: /, "instance-ends", "state-change-pending"),
  ...refused(/^detail\.state: /, "instance-ends", "state-change-running", "state-change-stopped"),
  ...refused(/^detail\.eventTypeCategory: /, "health", "health-issue-of-instance"),
  ...refused(/^detail\.eventTypeCategory: /, "health", "health-public-issue"),
  ...refused(/^detail\.eventTypeCategory: /, "health", "health-notification"),
  ...refused(/^detail\.service: /, "health", "health-other-service"),
  ...refused(/^detail\.configuration\.metrics: /, "status-alarm", "alarm-cpu"),
  ...refused(/^detail\.configuration\.metrics: /, "status-alarm", "alarm-other-namespace"),
  ...refused(/^detail\.configuration\.metrics: /, "status-alarm", "alarm-status-check-of-group"),
  ...refused(/^detail\.document-name: must be/, "command-result", "command-other-document"),
  ...unknown("command-as-a-whole", "capacity-block-expiration"),
  ...unknown("instance-launch-successful", "instance-terminate-successful"),
];

/** The names of the files there are. */
export function fixtureNames(): string[] {
  const files = readdirSync(new URL("../fixtures/events/", import.meta.url));
  return files.flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []));
}
