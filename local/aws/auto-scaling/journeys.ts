import { plusSeconds } from "../../clock.ts";
import type { AwsContext } from "../context.ts";
import { lifecycleEvent } from "./events.ts";
import type { Group, Member } from "./group.ts";
import type { HookResult } from "./hook.ts";
import type { HookNotifier } from "./hook-notifier.ts";
import type { LifecycleActions, Waiting } from "./lifecycle-actions.ts";
import type { Passage } from "./passage.ts";

/** How long Auto Scaling takes for what it does itself. */
export interface AutoScalingTimings {
  /** From a decision to the wait state. */
  readonly waitBeginsSeconds: number;
  /** From the last hook's end to what it held up. */
  readonly proceedSeconds: number;
  /** How long before the wait state the event goes out: completing is refused meanwhile. */
  readonly eventLeadSeconds: number;
  /** Until a group's health check notices what has become of one of its instances. */
  readonly healthCheckSeconds: number;
  /**
   * Whether a failing status check (system or instance) makes an instance unhealthy, as it does on AWS
   * when it does not pass again within some minutes. Off, an instance stays as it is until somebody
   * else does something about it.
   */
  readonly replacesImpaired: boolean;
  /** Whether an instance whose launch is abandoned passes the terminate hooks. */
  readonly terminateHooksAfterAbandon: boolean;
}

/** Takes instances through their passages: into the wait state, past the hooks, and on. */
export class Journeys {
  readonly #context: AwsContext;
  readonly #actions: LifecycleActions;
  readonly #timings: AutoScalingTimings;
  readonly #notifier: HookNotifier;
  /** The passage an instance is in now: one that begins ends the one before. */
  readonly #current = new WeakMap<Member, object>();

  constructor(
    context: AwsContext,
    actions: LifecycleActions,
    timings: AutoScalingTimings,
    notifier: HookNotifier,
  ) {
    this.#context = context;
    this.#actions = actions;
    this.#timings = timings;
    this.#notifier = notifier;
  }

  /**
   * Starts a passage. Each hook of its transition has its own token and event.
   * @param then is called when all hooks have ended, or soon if there is none.
   */
  start(group: Group, member: Member, passage: Passage, then: (result: HookResult) => void): void {
    this.#actions.drop(member.instanceId);
    this.#current.set(member, {});
    member.lifecycleState = passage.state;
    const hooks = [...group.hooks.values()].filter(
      (hook) => hook.transition === passage.transition,
    );
    if (hooks.length === 0) {
      this.after(member, this.#timings.proceedSeconds, () => then("CONTINUE"));
      return;
    }
    const waitings = hooks.map((hook) => ({
      group: group.name,
      instanceId: member.instanceId,
      hook,
      token: this.#context.ids.uuid(),
    }));
    const { waitBeginsSeconds, eventLeadSeconds } = this.#timings;
    this.after(member, waitBeginsSeconds, () => this.#wait(member, waitings, passage, then));
    this.after(member, Math.max(0, waitBeginsSeconds - eventLeadSeconds), () => {
      for (const waiting of waitings) {
        this.#context.announce(lifecycleEvent(this.#context, waiting, passage));
        this.#notifier.arrived(waiting, passage);
      }
    });
  }

  #wait(
    member: Member,
    waitings: readonly Waiting[],
    passage: Passage,
    then: (result: HookResult) => void,
  ): void {
    member.lifecycleState = `${passage.state}:Wait`;
    this.#actions.begin(waitings, (result) => {
      member.lifecycleState = `${passage.state}:Proceed`;
      this.after(member, this.#timings.proceedSeconds, () => then(result));
    });
  }

  /** Goes on in a while, unless the instance has begun another passage by then. */
  after(member: Member, seconds: number, action: () => void): void {
    const { clock } = this.#context;
    const journey = this.#current.get(member);
    clock.at(plusSeconds(clock.now(), seconds), () => {
      if (this.#current.get(member) === journey) action();
    });
  }
}
