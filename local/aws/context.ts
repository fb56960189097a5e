import type { ModelClock } from "../clock.ts";
import type { Faults } from "./faults.ts";
import type { Sequence } from "./sequence.ts";

/** What an AWS service tells EventBridge. */
export interface Announcement {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources?: readonly string[];
}

/** Where the model is. */
export type Place = Pick<AwsContext, "account" | "region">;

/** What the models of all services share. */
export interface AwsContext {
  readonly clock: ModelClock;
  readonly account: string;
  readonly region: string;
  readonly ids: Sequence;
  readonly faults: Faults;
  /** Puts an event on the account's default bus, best effort. */
  readonly announce: (announcement: Announcement) => void;
}

/** The ARN of a resource in the model's account and region. */
export function arn(context: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${context.region}:${context.account}:${resource}`;
}
