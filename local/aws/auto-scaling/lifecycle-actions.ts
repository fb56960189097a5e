import { type Cancel, type ModelClock, plusSeconds } from "../../clock.ts";
import { validationError } from "../aws-error.ts";
import type { Hook, HookResult } from "./hook.ts";

/** Names one waiting: by token, or by the instance. */
export interface ActionReference {
  readonly group: string;
  readonly hook: string;
  readonly token?: string;
  readonly instanceId?: string;
}

/** One instance waiting at one hook. */
export interface Waiting {
  readonly group: string;
  readonly instanceId: string;
  readonly hook: Hook;
  readonly token: string;
}

interface Active extends Waiting {
  readonly capAt: Date;
  readonly whenOver: (result: HookResult) => unknown;
  cancelTimeout: Cancel;
}

/** The lifecycle actions that are active now. */
export class LifecycleActions {
  readonly #clock: ModelClock;
  readonly #active = new Set<Active>();

  constructor(clock: ModelClock) {
    this.#clock = clock;
  }

  /**
   * Lets an instance wait at all hooks of a transition, until the last is completed or one is
   * abandoned; a hook nobody completes ends with its default result.
   * @param whenOver hears CONTINUE or ABANDON, once.
   */
  begin(waitings: readonly Waiting[], whenOver: (result: HookResult) => unknown): void {
    for (const waiting of waitings) {
      const capAt = plusSeconds(this.#clock.now(), waiting.hook.globalTimeoutSeconds);
      const active: Active = { ...waiting, capAt, whenOver, cancelTimeout: () => {} };
      this.#active.add(active);
      this.#restart(active);
    }
  }

  /** Restarts the heartbeat timeout, never the cap. @throws {AwsError} ValidationError. */
  heartbeat(reference: ActionReference): void {
    this.#restart(this.#find(reference));
  }

  /** @throws {AwsError} ValidationError when nothing waits, any more or yet. */
  complete(reference: ActionReference, result: HookResult): void {
    this.#end(this.#find(reference), result);
  }

  /** Ends whatever waits at a hook. */
  completeAll(group: string, hook: string, result: HookResult): void {
    for (const active of [...this.#active]) {
      if (active.group === group && active.hook.name === hook) this.#end(active, result);
    }
  }

  /** Ends all an instance waits at, without a result: it leaves the transition another way. */
  drop(instanceId: string): void {
    for (const active of [...this.#active]) {
      if (active.instanceId === instanceId) this.#remove(active);
    }
  }

  /** What an instance waits at. */
  of(instanceId: string): Waiting[] {
    return [...this.#active].filter((active) => active.instanceId === instanceId);
  }

  #find({ group, hook, token, instanceId }: ActionReference): Active {
    if (!token && !instanceId) {
      throw validationError("Either a lifecycle action token or an instance ID is required.");
    }
    for (const active of this.#active) {
      if (active.group !== group || active.hook.name !== hook) continue;
      if (token && active.token !== token) continue;
      if (instanceId && active.instanceId !== instanceId) continue;
      return active;
    }
    const named = instanceId ? `instance ID ${instanceId}` : `token ${token}`;
    throw validationError(`No active Lifecycle Action found with ${named}`);
  }

  #restart(active: Active): void {
    active.cancelTimeout();
    const heartbeatEnd = plusSeconds(this.#clock.now(), active.hook.heartbeatTimeoutSeconds);
    const end = heartbeatEnd < active.capAt ? heartbeatEnd : active.capAt;
    active.cancelTimeout = this.#clock.at(end, () => this.#end(active, active.hook.defaultResult));
  }

  #end(active: Active, result: HookResult): unknown {
    if (!this.#active.has(active)) return undefined;
    this.#remove(active);
    const others = [...this.#active].filter((other) => other.whenOver === active.whenOver);
    if (result === "ABANDON") for (const other of others) this.#remove(other);
    else if (others.length > 0) return undefined;
    return active.whenOver(result);
  }

  #remove(active: Active): void {
    active.cancelTimeout();
    this.#active.delete(active);
  }
}
