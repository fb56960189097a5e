import { type Cancel, plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import { type Announcement, type AwsContext, arn } from "../context.ts";
import type { Queue } from "../sqs/queue.ts";
import type { BusEvent } from "./event.ts";
import { checkPattern, matches } from "./pattern.ts";

export const DEFAULT_BUS = "default";

/** A queue that gets the events of a rule, whole or what `inputPath` (`$.detail.event`) points at. */
interface Target {
  readonly queue: Queue;
  readonly inputPath?: string;
}

export interface Rule {
  readonly name: string;
  readonly pattern: unknown;
  readonly targets: readonly Target[];
}

/** One entry of `PutEvents`. */
export interface PutEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly bus?: string;
  readonly time?: Date;
  readonly resources?: readonly string[];
}

export type PutResult = { readonly eventId: string } | { readonly code: string; message: string };

/**
 * How AWS's own events arrive, on best effort: the delays in seconds of an event's deliveries. `[]`
 * loses it, `[0, 5]` delivers it twice.
 */
export type Delivery = (event: BusEvent) => readonly number[];

/** Event buses, their rules and targets. */
export class EventBridgeModel {
  readonly #context: AwsContext;
  readonly #buses = new Map<string, Map<string, Rule>>([[DEFAULT_BUS, new Map()]]);
  readonly #listeners = new Set<(event: BusEvent, bus: string) => void>();
  /** Replace it to lose, delay or double AWS's events. */
  delivery: Delivery = () => [0];

  constructor(context: AwsContext) {
    this.#context = context;
  }

  createBus(name: string): void {
    if (!this.#buses.has(name)) this.#buses.set(name, new Map());
  }

  buses(): string[] {
    return [...this.#buses.keys()];
  }

  /** @throws {AwsError} for a bus that is not there or a pattern EventBridge refuses. */
  putRule(bus: string, rule: Rule): void {
    checkPattern(rule.pattern);
    this.#rulesOf(bus).set(rule.name, rule);
  }

  rules(bus: string): Rule[] {
    return [...this.#rulesOf(bus).values()];
  }

  /**
   * Hands a queue a `Scheduled Event` again and again, as a rule with a rate does.
   * @param firstAfterSeconds EventBridge promises nothing about when the first one comes.
   * @returns ends it.
   */
  schedule(
    rule: string,
    everySeconds: number,
    queue: Queue,
    firstAfterSeconds = everySeconds,
  ): Cancel {
    const { clock } = this.#context;
    const resources = [arn(this.#context, "events", `rule/${rule}`)];
    const entry = { source: "aws.events", detailType: "Scheduled Event", resources };
    const after = (seconds: number) => clock.at(plusSeconds(clock.now(), seconds), fire);
    const fire = () => {
      cancel = after(everySeconds);
      queue.send(JSON.stringify(this.#event(entry, {})));
    };
    let cancel = after(firstAfterSeconds);
    return () => cancel();
  }

  /** Calls the listener with each event that reaches a bus. @returns a call that ends this. */
  onEvent(listener: (event: BusEvent, bus: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts an event of AWS itself on the default bus. */
  emit({ source, detailType, detail, resources = [] }: Announcement): void {
    const { clock } = this.#context;
    const event = this.#event({ source, detailType, resources }, detail);
    for (const delay of this.delivery(event)) {
      if (delay === 0) this.#route(DEFAULT_BUS, event);
      else clock.at(plusSeconds(clock.now(), delay), () => this.#route(DEFAULT_BUS, event));
    }
  }

  /**
   * What a client may put. The answer has a result an entry.
   * @throws {AwsError} ValidationException for no entry or more than ten.
   */
  putEvents(entries: readonly PutEntry[]): PutResult[] {
    if (entries.length < 1 || entries.length > 10) {
      throw new AwsError("ValidationException", "Member must have length between 1 and 10");
    }
    return entries.map((entry) => this.#put(entry));
  }

  #put(entry: PutEntry): PutResult {
    // On AWS and on MiniStack alike, whatever the bus.
    if (entry.source.startsWith("aws.")) {
      const message = "Not authorized for the source.";
      return { code: "NotAuthorizedForSourceException", message };
    }
    const detail = parseObject(entry.detail);
    if (!detail) return { code: "MalformedDetail", message: "Detail is malformed." };
    const bus = (entry.bus ?? DEFAULT_BUS).split("/").at(-1) ?? DEFAULT_BUS;
    if (!this.#buses.has(bus)) {
      const message = `Event bus ${bus} does not exist.`;
      return { code: "ResourceNotFoundException", message };
    }
    const event = this.#event(entry, detail);
    this.#route(bus, event);
    return { eventId: event.id };
  }

  #event(entry: Omit<PutEntry, "detail">, detail: unknown): BusEvent {
    const { clock, ids, account, region } = this.#context;
    return {
      version: "0",
      id: ids.uuid(),
      "detail-type": entry.detailType,
      source: entry.source,
      account,
      // EventBridge's times have whole seconds.
      time: `${(entry.time ?? clock.now()).toISOString().slice(0, 19)}Z`,
      region,
      resources: entry.resources ?? [],
      detail,
    };
  }

  #route(bus: string, event: BusEvent): void {
    for (const listener of this.#listeners) listener(event, bus);
    for (const rule of this.#rulesOf(bus).values()) {
      checkPattern(rule.pattern);
      if (!matches(rule.pattern, event)) continue;
      for (const target of rule.targets) {
        const input = at(target.inputPath ?? "$", event);
        // A path that leads nowhere hands the target nothing.
        if (input !== undefined) target.queue.send(JSON.stringify(input));
      }
    }
  }

  #rulesOf(bus: string): Map<string, Rule> {
    const rules = this.#buses.get(bus);
    if (rules) return rules;
    throw new AwsError("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
  }
}

/** What a JSON path of plain field names points at. */
function at(path: string, event: unknown): unknown {
  let value = event;
  for (const field of path.split(".").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === field)?.[1];
  }
  return value;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
