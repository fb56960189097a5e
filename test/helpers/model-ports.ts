import type { Config } from "../../lambdas/contracts/config.ts";
import type { FindingDetail } from "../../lambdas/contracts/events/outcome-event.ts";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import type { OutcomeNews } from "../../lambdas/domain/ports/outcomes.ts";
import {
  modelAutoScalingPort,
  modelCommandsPort,
  modelComputePort,
  modelHints,
  modelIntroductionsPort,
  modelTicks,
} from "../../local/aws/ports.ts";
import type { Queue } from "../../local/aws/sqs/queue.ts";
import { DROVER_TOKEN } from "../../local/consul/drover-setup.ts";
import { modelConsulPort } from "../../local/consul/port.ts";
import { MemoryBreaker } from "../../local/memory/memory-breaker.ts";
import { MemoryBudget } from "../../local/memory/memory-budget.ts";
import { MemoryControl } from "../../local/memory/memory-control.ts";
import { MemoryJournal } from "../../local/memory/memory-journal.ts";
import { MemoryNodes } from "../../local/memory/memory-nodes.ts";
import { memoryWriteTurns } from "../../local/memory/memory-write-turns.ts";
import type { ModelCluster } from "../../local/model-cluster.ts";
import { NODE_ROLE, setUpForDrover } from "../../local/vault/drover-setup.ts";
import { modelVaultPort } from "../../local/vault/port.ts";
import type { Witness } from "./witness.ts";

/** As the functions have it: three writes at 2.7 a second. */
export const TURN_SECONDS = 3 / 2.7;

/** Drover's ports on a model cluster; what they keep can be looked at. */
export class ModelPorts {
  readonly nodes = new MemoryNodes();
  readonly journal = new MemoryJournal();
  readonly control = new MemoryControl();
  readonly counted = new Map<string, number>();
  /** What was told of ended work. */
  readonly told: OutcomeNews[] = [];
  /** What was found that is about no node. */
  readonly findings: FindingDetail[] = [];
  readonly budget: MemoryBudget;
  readonly #cluster: ModelCluster;
  readonly #shared: Omit<Ports, "ticks" | "hints">;

  constructor(cluster: ModelCluster, config: Config, witness: Witness, nomad: () => Nomad) {
    this.#cluster = cluster;
    const { aws, consul, vault } = cluster;
    const { clock } = aws;
    this.budget = new MemoryBudget(clock);
    let ids = 0;
    const count = (name: string) => void this.counted.set(name, (this.counted.get(name) ?? 0) + 1);
    this.#shared = {
      nodes: this.nodes,
      control: this.control,
      journal: this.journal,
      nomad: latest(nomad),
      consul: config.consul && modelConsulPort(consul, consul.createToken(DROVER_TOKEN)),
      vault: config.introduction?.vault && modelVaultPort(vault, vaultAccess(cluster)),
      introductions:
        config.introduction &&
        modelIntroductionsPort(aws, config.introduction, {
          turn: memoryWriteTurns(clock, TURN_SECONDS),
        }),
      autoScaling: witness.watch(modelAutoScalingPort(aws)),
      compute: modelComputePort(aws),
      commands: modelCommandsPort(aws, config.name),
      breaker: new MemoryBreaker(clock),
      budget: this.budget,
      outcomes: {
        tell: async (news) => void this.told.push(news),
        report: async (finding) => void this.findings.push(finding),
      },
      metrics: { count, seconds: count },
      clock,
      newId: () => `id-${ids++}`,
    };
  }

  /** The ports of a function; a flow's ticks go to its queue. */
  of(name: FunctionName, queue: Queue): Ports {
    const { aws } = this.#cluster;
    return { ...this.#shared, ticks: modelTicks(aws, queue), hints: modelHints(aws, name) };
  }
}

function vaultAccess({ vault }: ModelCluster) {
  return { role: NODE_ROLE, login: setUpForDrover(vault).login };
}

/** A port that is whatever `current` returns at the time of a call. */
function latest(current: () => Nomad): Nomad {
  return {
    findNodes: (...args) => current().findNodes(...args),
    node: (...args) => current().node(...args),
    setEligibility: (...args) => current().setEligibility(...args),
    drain: (...args) => current().drain(...args),
    allocations: (...args) => current().allocations(...args),
    seesAllNamespaces: () => current().seesAllNamespaces(),
    introductionToken: (...args) => current().introductionToken(...args),
    smokeRun: (...args) => current().smokeRun(...args),
    endSmokeRun: (...args) => current().endSmokeRun(...args),
    purge: (...args) => current().purge(...args),
    pool: (...args) => current().pool(...args),
    recentPool: (...args) => current().recentPool(...args),
    serviceAllocations: (...args) => current().serviceAllocations(...args),
    servers: () => current().servers(),
    recentServers: () => current().recentServers(),
  };
}
