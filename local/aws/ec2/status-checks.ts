import type { CheckStatus } from "../../../lambdas/domain/ports/compute.ts";
import { plusSeconds } from "../../clock.ts";
import type { Ec2Instance } from "./instance.ts";

/** EC2's status checks. */
export const CHECKS = ["system", "instance", "attachedEbs"] as const;
export type Check = (typeof CHECKS)[number];

/** What the status checks of an instance say. */
export type CheckResults = Readonly<Record<Check, CheckStatus>>;

/** Results of the status checks. No event tells of them. */
export class StatusChecks {
  readonly #now: () => Date;
  readonly #firstCheckSeconds: number;
  readonly #impaired = new Map<string, Map<Check, Date>>();
  readonly #runningSince = new Map<string, Date>();
  readonly #listeners = new Set<(instanceId: string) => void>();

  constructor(now: () => Date, firstCheckSeconds: number) {
    this.#now = now;
    this.#firstCheckSeconds = firstCheckSeconds;
  }

  /** Calls the listener when a check begins to fail, or fails no more. */
  onChange(listener: (instanceId: string) => void): void {
    this.#listeners.add(listener);
  }

  /** One that was stopped and starts again is on another host: its checks begin anew. */
  changed({ id, state }: Ec2Instance, isLaunch: boolean): void {
    if (state === "running" && !isLaunch) this.#runningSince.set(id, this.#now());
    if (state === "running" || !this.#impaired.delete(id)) return;
    this.#tell(id);
  }

  impair(id: string, check: Check): void {
    const checks = this.#impaired.get(id) ?? new Map<Check, Date>();
    if (!checks.has(check)) checks.set(check, this.#now());
    this.#impaired.set(id, checks);
    this.#tell(id);
  }

  recover(id: string, checks: readonly Check[]): void {
    for (const check of checks) this.#impaired.get(id)?.delete(check);
    this.#tell(id);
  }

  /** Since when a check of an instance has failed; undefined while it does not. */
  impairedSince(id: string, check: Check): Date | undefined {
    return this.#impaired.get(id)?.get(check);
  }

  results({ id, state, nitro }: Ec2Instance): CheckResults {
    const result = (check: Check): CheckStatus => {
      if (state !== "running") return "not-applicable";
      if (check === "attachedEbs" && !nitro) return "not-applicable";
      if (this.impairedSince(id, check)) return "impaired";
      const since = this.#runningSince.get(id);
      const isNew = since && plusSeconds(since, this.#firstCheckSeconds) > this.#now();
      return isNew ? "initializing" : "ok";
    };
    return {
      system: result("system"),
      instance: result("instance"),
      attachedEbs: result("attachedEbs"),
    };
  }

  #tell(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
