import type { Cancel } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import type { Health } from "../health.ts";
import type { Ec2Instance } from "./instance.ts";

/** What EC2 can schedule, and what AWS Health calls it. */
const HEALTH_CODES = {
  "instance-retirement": "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED",
  "instance-stop": "AWS_EC2_INSTANCE_STOP_SCHEDULED",
  "instance-reboot": "AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED",
  "system-reboot": "AWS_EC2_SYSTEM_REBOOT_MAINTENANCE_SCHEDULED",
  "system-maintenance": "AWS_EC2_INSTANCE_NETWORK_MAINTENANCE_SCHEDULED",
} as const;
export type ScheduledCode = keyof typeof HEALTH_CODES;

/** What is asked to be scheduled. */
export interface ScheduledInput {
  readonly code: ScheduledCode;
  readonly notBefore: Date;
  readonly description?: string;
  /** How many instances stand in one Health event. @default 10 */
  readonly entitiesAPage?: number;
}

/** Something EC2 is going to do to an instance, or has done, or has called off. */
export interface ScheduledChange {
  readonly id: string;
  readonly instanceId: string;
  readonly code: ScheduledCode;
  /** Begins with `[Completed]` or `[Canceled]` when it is over; EC2 tells of it for a while then. */
  readonly description: string;
  readonly notBefore: Date;
  readonly isOver: boolean;
}

interface Entry extends ScheduledChange {
  readonly eventArn: string;
  readonly cancel: Cancel;
}

/** What EC2 has scheduled for its instances. AWS Health tells of each step. */
export class ScheduledEvents {
  readonly #context: AwsContext;
  readonly #health: Health;
  readonly #carryOut: (change: ScheduledChange) => void;
  readonly #entries = new Map<string, Entry>();

  /** @param carryOut does what was scheduled, when its time has come. */
  constructor(context: AwsContext, health: Health, carryOut: (change: ScheduledChange) => void) {
    this.#context = context;
    this.#health = health;
    this.#carryOut = carryOut;
  }

  /** Schedules the same for some instances, of which one Health event tells. @returns the ids. */
  add(instanceIds: readonly string[], input: ScheduledInput): string[] {
    const { code, notBefore, description = "The instance is on degraded hardware" } = input;
    const eventArn = this.#health.newArn(HEALTH_CODES[code]);
    const entries = instanceIds.map((instanceId) => {
      const id = `instance-event-${this.#context.ids.instanceId().slice(2)}`;
      const cancel = this.#at(id, notBefore);
      return { id, instanceId, code, description, notBefore, isOver: false, eventArn, cancel };
    });
    for (const entry of entries) this.#entries.set(entry.id, entry);
    const [first] = entries;
    if (first) this.#tell(first, "upcoming", instanceIds, input.entitiesAPage);
    return entries.map(({ id }) => id);
  }

  /** Moves an event, or the next one of an instance. */
  reschedule(id: string, notBefore: Date): void {
    const entry = this.#upcoming(id);
    entry.cancel();
    const moved = { ...entry, notBefore, cancel: this.#at(entry.id, notBefore) };
    this.#entries.set(entry.id, moved);
    this.#tell(moved, "upcoming");
  }

  /** An event, or the next one of an instance, is over: called off, or done. */
  end(id: string, how: "Canceled" | "Completed"): void {
    const entry = this.#upcoming(id);
    entry.cancel();
    const description = `[${how}] ${entry.description}`;
    const over = { ...entry, description, isOver: true };
    this.#entries.set(entry.id, over);
    this.#tell(over, "closed");
  }

  /** One that stops or ends leaves the host about which it was. */
  changed({ id, state }: Ec2Instance): void {
    if (state !== "stopping" && state !== "shutting-down") return;
    for (const entry of this.#entries.values()) {
      if (entry.instanceId === id && !entry.isOver) this.end(entry.id, "Completed");
    }
  }

  /** The events of an instance, those that are over among them. */
  of(instanceId: string): ScheduledChange[] {
    return [...this.#entries.values()].filter((entry) => entry.instanceId === instanceId);
  }

  #at(eventId: string, notBefore: Date): Cancel {
    return this.#context.clock.at(notBefore, () => {
      const entry = this.#upcoming(eventId);
      this.end(eventId, "Completed");
      this.#carryOut(entry);
    });
  }

  #upcoming(id: string): Entry {
    const entry = [...this.#entries.values()]
      .filter((each) => !each.isOver && (each.id === id || each.instanceId === id))
      .sort((a, b) => a.notBefore.getTime() - b.notBefore.getTime())[0];
    if (entry) return entry;
    throw new AwsError("InvalidInstanceEventIDNotFound", `There is no upcoming event ${id}`);
  }

  #tell(
    { code, description, notBefore, eventArn, instanceId }: Entry,
    statusCode: "upcoming" | "closed",
    entities: readonly string[] = [instanceId],
    entitiesAPage?: number,
  ): void {
    this.#health.announce({
      eventArn,
      code: HEALTH_CODES[code],
      startsAt: notBefore,
      statusCode,
      entities,
      description,
      ...(entitiesAPage && { entitiesAPage }),
    });
  }
}
