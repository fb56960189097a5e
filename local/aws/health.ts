import { type AwsContext, arn } from "./context.ts";

/** A change that AWS Health tells of. */
export interface HealthNews {
  /** @default one of its own */
  readonly eventArn?: string;
  /** Such as `AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED`. */
  readonly code: string;
  readonly startsAt: Date;
  readonly endsAt?: Date;
  /** `closed`: it is done, or was called off. @default "upcoming" */
  readonly statusCode?: "upcoming" | "open" | "closed";
  /** The instances. Health sometimes knows none. */
  readonly entities: readonly string[];
  /** How many stand in one event; the others are on further pages, each an event of its own. @default 10 */
  readonly entitiesAPage?: number;
  readonly description?: string;
  /** @default "EC2" */
  readonly service?: string;
  /** @default "scheduledChange" */
  readonly category?: "issue" | "accountNotification" | "investigation" | "scheduledChange";
}

/** AWS Health, as far as EventBridge hears of it. */
export class Health {
  readonly #context: AwsContext;

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** The ARN of an event of a code. */
  newArn(code: string, service = "EC2"): string {
    const { region, ids } = this.#context;
    return `arn:aws:health:${region}::event/${service}/${code}/${code}_${ids.uuid()}`;
  }

  /** Tells of a change. @returns its ARN, which later events about it bear, too. */
  announce(news: HealthNews): string {
    const { code, entities, entitiesAPage = 10, service = "EC2" } = news;
    const eventArn = news.eventArn ?? this.newArn(code, service);
    const pages = Math.max(1, Math.ceil(entities.length / entitiesAPage));
    for (let page = 1; page <= pages; page++) {
      const from = (page - 1) * entitiesAPage;
      const ids = entities.slice(from, from + entitiesAPage);
      this.#context.announce({
        source: "aws.health",
        detailType: "AWS Health Event",
        resources: ids.map((id) => arn(this.#context, "ec2", `instance/${id}`)),
        detail: {
          ...this.#describe({ ...news, eventArn }),
          affectedEntities: ids.map((entityValue) => this.#entity(entityValue, news)),
          affectedAccount: this.#context.account,
          page: String(page),
          totalPages: String(pages),
        },
      });
    }
    return eventArn;
  }

  #describe(news: HealthNews) {
    return {
      eventArn: news.eventArn,
      service: news.service ?? "EC2",
      eventScopeCode: "ACCOUNT_SPECIFIC",
      communicationId: news.eventArn?.split("_").at(-1),
      eventTypeCode: news.code,
      eventTypeCategory: news.category ?? "scheduledChange",
      startTime: news.startsAt.toUTCString(),
      ...(news.endsAt && { endTime: news.endsAt.toUTCString() }),
      lastUpdatedTime: this.#context.clock.now().toUTCString(),
      statusCode: news.statusCode ?? "upcoming",
      eventRegion: this.#context.region,
      eventDescription: [
        { language: "en_US", latestDescription: news.description ?? "A change is scheduled." },
      ],
    };
  }

  #entity(entityValue: string, { statusCode }: HealthNews) {
    const status = statusCode === "closed" ? "RESOLVED" : "PENDING";
    return { entityValue, status, lastUpdatedTime: this.#context.clock.now().toUTCString() };
  }
}
