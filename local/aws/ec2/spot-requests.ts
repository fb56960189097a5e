import type { Ec2Instance } from "./instance.ts";

/** What EC2 does to a Spot instance that it takes back. */
export type SpotAction = "terminate" | "stop" | "hibernate";

/** The request that a Spot instance was launched by. */
export interface SpotRequest {
  readonly id: string;
  readonly instanceId: string;
  readonly createdAt: Date;
  readonly state: "active" | "disabled" | "closed";
  /** Such as `fulfilled`, `marked-for-termination`, `instance-terminated-no-capacity`. */
  readonly statusCode: string;
  readonly statusAt: Date;
}

const MESSAGES: Readonly<Record<string, string>> = {
  fulfilled: "Your spot request is fulfilled.",
  "marked-for-termination": "Your Spot Instance is marked for termination.",
  "marked-for-stop": "Your Spot Instance is marked for stopping.",
};

/** A status in EC2's words. */
export function statusMessage({ statusCode }: SpotRequest): string {
  return MESSAGES[statusCode] ?? `Your Spot request is in status ${statusCode}.`;
}

/** The Spot requests, one an instance, and what becomes of them. */
export class SpotRequests {
  readonly #now: () => Date;
  readonly #requests = new Map<string, SpotRequest>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** An instance has been launched, or has changed its state. */
  changed({ id, spot, state }: Ec2Instance): void {
    if (!spot) return;
    const request = this.#requests.get(id);
    if (!request) this.#make(id);
    else if (state === "shutting-down" && request.state !== "closed") {
      this.set(id, "instance-terminated-by-user", "closed");
    } else if (state === "running" && request.state === "disabled") {
      this.set(id, "fulfilled", "active");
    }
  }

  set(instanceId: string, statusCode: string, state: SpotRequest["state"]): void {
    const before = this.#requests.get(instanceId);
    if (before) {
      this.#requests.set(instanceId, { ...before, statusCode, state, statusAt: this.#now() });
    }
  }

  find(instanceId: string): SpotRequest | undefined {
    return this.#requests.get(instanceId);
  }

  list(): SpotRequest[] {
    return [...this.#requests.values()];
  }

  #make(instanceId: string): void {
    const now = this.#now();
    this.#requests.set(instanceId, {
      id: `sir-${instanceId.slice(-8)}`,
      instanceId,
      createdAt: now,
      state: "active",
      statusCode: "fulfilled",
      statusAt: now,
    });
  }
}
