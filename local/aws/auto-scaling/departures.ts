import type { AwsContext } from "../context.ts";
import type { Ec2Model } from "../ec2/ec2-model.ts";
import { activityEvent } from "./events.ts";
import type { Group, Member } from "./group.ts";
import type { HookResult } from "./hook.ts";
import type { Journeys } from "./journeys.ts";
import { PASSAGES } from "./passage.ts";
import { whenEc2Says } from "./when-ec2-says.ts";

/** Takes instances out of their groups, through the terminate hooks, and has EC2 end them. */
export class Departures {
  readonly #context: AwsContext;
  readonly #ec2: Ec2Model;
  readonly #journeys: Journeys;
  readonly #changed: (group: Group) => void;

  /** @param changed hears of a group that has an instance less, or is about to. */
  constructor(
    context: AwsContext,
    ec2: Ec2Model,
    journeys: Journeys,
    changed: (group: Group) => void,
  ) {
    this.#context = context;
    this.#ec2 = ec2;
    this.#journeys = journeys;
    this.#changed = changed;
  }

  /** Ends an instance of the group or its pool. One that is retained has been through its hooks. */
  begin(group: Group, member: Member): void {
    if (member.lifecycleState.endsWith(":Retained")) {
      this.letGo(group, member);
      return;
    }
    const isWarmed = member.lifecycleState.startsWith("Warmed:");
    const passage = isWarmed ? PASSAGES.terminateWarmed : PASSAGES.terminate;
    this.#journeys.start(group, member, passage, (result) => {
      if (this.#isRetained(group, result)) this.#retain(group, member);
      else this.letGo(group, member);
    });
  }

  /** Has EC2 end the instance; the group forgets it when EC2 says so. */
  letGo(group: Group, member: Member): void {
    member.lifecycleState = `${prefix(member)}Terminating:Proceed`;
    if (this.#hasEnded(member)) {
      this.#ended(group, member);
      return;
    }
    whenEc2Says(this.#ec2, member.instanceId, "terminated", {
      ask: () => this.#ec2.terminate(member.instanceId),
      done: () => this.#ended(group, member),
    });
    this.#changed(group);
  }

  forget(group: Group, member: Member): void {
    group.members.delete(member.instanceId);
    this.#changed(group);
  }

  #isRetained(group: Group, result: HookResult): boolean {
    const hooks = [...group.hooks.values()];
    const hasHook = hooks.some(({ transition }) => transition === "terminating");
    return group.retainOnAbandon && result === "ABANDON" && hasHook;
  }

  /** It runs on, outside the desired capacity, until somebody ends it or EC2 does. */
  #retain(group: Group, member: Member): void {
    member.lifecycleState = `${prefix(member)}Terminating:Retained`;
    if (this.#hasEnded(member)) {
      this.#ended(group, member);
      return;
    }
    whenEc2Says(this.#ec2, member.instanceId, "terminated", {
      ask: () => this.#changed(group),
      done: () => {
        if (member.lifecycleState.endsWith(":Retained")) this.#ended(group, member);
      },
    });
  }

  #ended(group: Group, member: Member): void {
    this.#context.announce(activityEvent(this.#context, "Terminate", "Successful", member));
    this.forget(group, member);
  }

  #hasEnded({ instanceId }: Member): boolean {
    const state = this.#ec2.find(instanceId)?.state;
    return state === undefined || state === "terminated";
  }
}

function prefix({ lifecycleState }: Member): "" | "Warmed:" {
  return lifecycleState.startsWith("Warmed:") ? "Warmed:" : "";
}
