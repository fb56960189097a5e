import type { AutoScaling } from "../../lambdas/domain/ports/auto-scaling.ts";
import type { Clock } from "../../lambdas/domain/ports/clock.ts";
import type { ModelCluster } from "../../local/model-cluster.ts";
import { clientTerminal } from "../../local/nomad/allocation.ts";

/** A hook that was ended by Drover. */
export interface Completion {
  readonly instanceId: string;
  readonly hook: string;
  readonly at: Date;
}

/** Looks on while a scenario runs, and remembers what the world's state no longer shows. */
export class Witness {
  /** Hooks that took their completion, as CloudTrail would show them. */
  readonly completions: Completion[] = [];
  /** When EC2 was told to end an instance. */
  readonly letGoAt = new Map<string, Date>();
  /** When Nomad last heard of a task's end, by node. */
  readonly lastStopAt = new Map<string, Date>();
  /** When a node was first ineligible. */
  readonly ineligibleAt = new Map<string, Date>();
  /** When Nomad's drain of a node was to end by force, each time that changed. */
  readonly drainEnds = new Map<string, Date[]>();
  /** How often a drain of a node was begun where none ran. */
  readonly drainsBegun = new Map<string, number>();
  /** When a drain of a node was first begun. */
  readonly drainBegunAt = new Map<string, Date>();
  /** When Nomad called a node's drain complete. */
  readonly drainCompleteAt = new Map<string, Date>();
  readonly #draining = new Set<string>();
  readonly #stopped = new Set<string>();
  readonly #clock: Clock;

  constructor(cluster: ModelCluster, clock: Clock) {
    this.#clock = clock;
    cluster.aws.ec2.onStateChange(({ id, state }) => {
      if (state === "shutting-down") this.letGoAt.set(id, clock.now());
    });
    cluster.nomad.onChange((change) => {
      if (change.kind === "node") {
        const { id, eligible, drain, lastDrain } = change.node;
        if (!eligible && !this.ineligibleAt.has(id)) this.ineligibleAt.set(id, change.at);
        if (lastDrain?.status === "complete") this.drainCompleteAt.set(id, lastDrain.updatedAt);
        if (!drain) this.#draining.delete(id);
        else if (!this.#draining.has(id)) {
          this.#draining.add(id);
          if (!this.drainBegunAt.has(id)) this.drainBegunAt.set(id, change.at);
          this.drainsBegun.set(id, (this.drainsBegun.get(id) ?? 0) + 1);
        }
        if (drain?.forceAt) this.#drains(id, drain.forceAt);
      } else if (clientTerminal(change.allocation)) {
        const { id, nodeId } = change.allocation;
        if (!this.#stopped.has(id)) this.lastStopAt.set(nodeId, change.at);
        this.#stopped.add(id);
      }
    });
  }

  /** The port, with each completion that was taken written down. */
  watch(autoScaling: AutoScaling): AutoScaling {
    return {
      ...autoScaling,
      complete: async (action, result) => {
        const answer = await autoScaling.complete(action, result);
        const { instanceId, hook } = action;
        if (answer === "done") this.completions.push({ instanceId, hook, at: this.#clock.now() });
        return answer;
      },
    };
  }

  #drains(nodeId: string, end: Date): void {
    const ends = this.drainEnds.get(nodeId) ?? [];
    if (ends.at(-1)?.getTime() !== end.getTime()) this.drainEnds.set(nodeId, [...ends, end]);
  }
}
