import type { Config } from "../../contracts/config.ts";
import type { GroupName } from "../../contracts/ids.ts";
import type { EventMessage } from "../../contracts/message.ts";
import { policiesOf } from "../policies.ts";
import type { Intent } from "../record.ts";

/** The messages by which EC2 tells about one instance. */
export type Ec2Message = Extract<
  EventMessage,
  { kind: "spot-interruption" | "rebalance" | "capacity-interruption" | "state-change" }
>;

/** What EC2 gives a Spot instance from its warning on. A hibernation begins at once. */
export const SPOT_SECONDS = 120;
/** For one that is ending already: its machine may still be shutting down. */
const ENDING_SECONDS = 30;

/** What an event of EC2 asks for, about an instance of a group if that is known. */
export function ec2Intent(
  message: Ec2Message,
  group: GroupName | undefined,
  config: Config,
  receivedAt: Date,
): Intent {
  const { event } = message;
  const occurredAt = new Date(Math.min(Date.parse(event.time), receivedAt.getTime()));
  const after = (seconds: number) => new Date(occurredAt.getTime() + seconds * 1_000);
  const intent = {
    key: `event/${event.id}`,
    eventId: event.id,
    account: event.account,
    ...(group && { group }),
    occurredAt,
    receivedAt,
    reason: message.kind,
  };
  switch (message.kind) {
    case "spot-interruption": {
      const action = message.event.detail["instance-action"];
      const found = `EC2 takes it back (${action})`;
      return { ...intent, deadlineAt: after(action === "hibernate" ? 0 : SPOT_SECONDS), found };
    }
    case "capacity-interruption": {
      const deadlineAt = new Date(message.event.detail["instance-termination-time"]);
      return { ...intent, deadlineAt, found: "its capacity reservation ends" };
    }
    case "state-change": {
      const found = `EC2 says ${message.event.detail.state}`;
      return { ...intent, deadlineAt: after(ENDING_SECONDS), found };
    }
    case "rebalance":
      return {
        ...intent,
        deadlineAt: after(policiesOf(config, group).events.patienceSeconds),
        found: "EC2 recommends to replace it",
      };
  }
}
