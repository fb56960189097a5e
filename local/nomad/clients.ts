import { clientTerminal, type ModelAllocation } from "./allocation.ts";
import type { ModelJob } from "./job.ts";
import type { NodeInput } from "./node.ts";
import type { State } from "./state.ts";

/** From the servers' word to the client's act, and back; a real client of 2.0 took about that. */
const PICKUP_SECONDS = 0.25;

interface ClientAgent {
  readonly input: NodeInput;
  running: boolean;
  /** What it could not tell its servers while it was not running. */
  readonly unreported: Map<ModelAllocation, Partial<ModelAllocation>>;
}

/** The client agents: they start, run and stop tasks, and report. */
export class Clients {
  readonly #state: State;
  readonly #agents = new Map<string, ClientAgent>();
  readonly #stopping = new Set<ModelAllocation>();
  readonly #waiting = new Map<ModelAllocation, ModelAllocation>();

  constructor(state: State) {
    this.#state = state;
    state.onChange((change) => {
      if (change.kind === "allocation") this.#look(change.allocation);
    });
  }

  add(nodeId: string, input: NodeInput): void {
    this.#agents.set(nodeId, { input, running: true, unreported: new Map() });
  }

  input(nodeId: string): NodeInput | undefined {
    return this.#agents.get(nodeId)?.input;
  }

  isRunning(nodeId: string): boolean {
    return this.#agents.get(nodeId)?.running ?? false;
  }

  /** The agent falls silent; its tasks go on. */
  silence(nodeId: string): void {
    const agent = this.#agents.get(nodeId);
    if (agent) agent.running = false;
  }

  /** The agent is back: it reports what it could not, and does what it was told meanwhile. */
  resume(nodeId: string): void {
    const agent = this.#agents.get(nodeId);
    if (!agent) return;
    agent.running = true;
    const unreported = [...agent.unreported];
    agent.unreported.clear();
    for (const [allocation, change] of unreported) this.#report(allocation, change);
    for (const allocation of this.#state.onNode(nodeId)) this.#look(allocation);
  }

  #look(allocation: ModelAllocation): void {
    const next = this.#waiting.get(allocation);
    if (next && clientTerminal(allocation)) {
      this.#waiting.delete(allocation);
      this.#state.agenda.in(PICKUP_SECONDS, () => this.#start(next));
    }
    if (!this.isRunning(allocation.nodeId)) return;
    if (allocation.desiredStatus === "stop") {
      const ended = clientTerminal(allocation) && allocation.clientStatus !== "lost";
      if (!ended) this.#stop(allocation);
    } else if (
      allocation.clientStatus === "pending" &&
      allocation.modifyIndex === allocation.createIndex
    ) {
      this.#begin(allocation);
    }
  }

  /** An allocation waits for the one it replaces to end, on whichever node that is. */
  #begin(allocation: ModelAllocation): void {
    const { previous } = allocation;
    if (previous && !clientTerminal(previous)) this.#waiting.set(previous, allocation);
    else this.#state.agenda.in(PICKUP_SECONDS, () => this.#start(allocation));
  }

  #start(allocation: ModelAllocation): void {
    if (allocation.desiredStatus === "stop" || allocation.clientStatus !== "pending") return;
    this.#report(allocation, { clientStatus: "running" });
    const { job, previous } = allocation;
    const { agenda } = this.#state;
    if (job.runsSeconds !== null) {
      const fails = failsOn(job, this.#state.nodes.get(allocation.nodeId)?.name);
      agenda.in(fails ? failsAfterSeconds(job, job.runsSeconds) : job.runsSeconds, () => {
        if (allocation.desiredStatus === "run")
          this.#end(allocation, fails ? "failed" : "complete");
      });
    }
    if (job.type === "batch" || job.type === "sysbatch") return;
    const healthyAfter = previous ? job.migrate.minHealthySeconds : job.updateMinHealthySeconds;
    agenda.in(job.neverHealthy ? job.healthyDeadlineSeconds : healthyAfter, () => {
      if (allocation.clientStatus !== "running") return;
      this.#report(allocation, { health: { healthy: !job.neverHealthy, at: this.#state.now() } });
    });
  }

  #stop(allocation: ModelAllocation): void {
    if (this.#stopping.has(allocation)) return;
    this.#stopping.add(allocation);
    const runs = allocation.clientStatus === "running" || allocation.clientStatus === "lost";
    const limit = this.input(allocation.nodeId)?.maxKillTimeoutSeconds ?? 30;
    const seconds = runs ? stopSeconds(allocation.job, limit) : 0;
    this.#state.agenda.in(PICKUP_SECONDS + seconds, () => this.#end(allocation));
  }

  #end(allocation: ModelAllocation, clientStatus: "complete" | "failed" = "complete"): void {
    this.#stopping.delete(allocation);
    this.#report(allocation, { clientStatus });
  }

  #report(allocation: ModelAllocation, change: Partial<ModelAllocation>): void {
    const { leadership } = this.#state;
    const agent = this.#agents.get(allocation.nodeId);
    if (agent?.running) {
      if (leadership.isLed) this.#state.update(allocation, change);
      else leadership.whenLed(() => this.#report(allocation, change));
      return;
    }
    agent?.unreported.set(allocation, { ...agent.unreported.get(allocation), ...change });
  }
}

function failsOn({ fails }: ModelJob, nodeName: string | undefined): boolean {
  return typeof fails === "boolean" ? fails : nodeName !== undefined && fails.includes(nodeName);
}

/** An allocation fails when its task has used up its restarts. */
function failsAfterSeconds({ restarts }: ModelJob, runsSeconds: number): number {
  return runsSeconds + restarts.attempts * (restarts.delaySeconds + runsSeconds);
}

/** How long an allocation of the job really takes to stop. */
function stopSeconds(job: ModelJob, maxKillTimeoutSeconds: number): number {
  const tasks = job.tasks.map(({ killTimeoutSeconds, shutdownDelaySeconds }) => {
    const limit = Math.min(killTimeoutSeconds, maxKillTimeoutSeconds);
    return shutdownDelaySeconds + Math.min(job.stopTakesSeconds, limit);
  });
  return job.groupShutdownDelaySeconds + Math.max(0, ...tasks);
}
