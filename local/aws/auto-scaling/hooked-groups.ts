import type { ModelClock } from "../../clock.ts";
import { validationError } from "../aws-error.ts";
import { GroupRegistry } from "./group-registry.ts";
import { type Hook, type HookInput, type HookResult, makeHook } from "./hook.ts";
import type { HookNotifier } from "./hook-notifier.ts";
import { type ActionReference, LifecycleActions, type Waiting } from "./lifecycle-actions.ts";

/** Groups with their lifecycle hooks, and the instances that wait there. */
export class HookedGroups extends GroupRegistry {
  protected readonly actions: LifecycleActions;
  readonly #notifier: HookNotifier;

  constructor(clock: ModelClock, notifier: HookNotifier) {
    super();
    this.actions = new LifecycleActions(clock);
    this.#notifier = notifier;
  }

  /** What an instance waits at now. */
  waitings(instanceId: string): Waiting[] {
    return this.actions.of(instanceId);
  }

  putHook(groupName: string, input: HookInput): Hook {
    const { hooks } = this.group(groupName);
    const hook = makeHook(input, hooks.get(input.name));
    hooks.set(hook.name, hook);
    this.#notifier.put(hook, groupName);
    return hook;
  }

  /** Deletes a hook; who waits at it goes on: CONTINUE when terminating, ABANDON when launching. */
  deleteHook(groupName: string, name: string): void {
    const hook = this.group(groupName).hooks.get(name);
    if (!hook) throw validationError(`No Lifecycle Hook found with name: ${name}`);
    this.group(groupName).hooks.delete(name);
    const result = hook.transition === "terminating" ? "CONTINUE" : "ABANDON";
    this.actions.completeAll(groupName, name, result);
  }

  heartbeat(reference: ActionReference): void {
    this.group(reference.group);
    this.actions.heartbeat(reference);
  }

  complete(reference: ActionReference, result: HookResult): void {
    this.group(reference.group);
    this.actions.complete(reference, result);
  }
}
