import type * as z from "zod";
import type { AgentTokens } from "../lambdas/clients/consul/rotate/agent-tokens.ts";
import type { VariableMirrors } from "../lambdas/clients/nomad/rotate/variable.ts";
import { createConsumersOf } from "../lambdas/clients/rotation-consumers.ts";
import { createMirrorsOf } from "../lambdas/clients/rotation-mirrors.ts";
import type { Wrappings } from "../lambdas/clients/vault/rotate/wrappings.ts";
import type { RotationDetail } from "../lambdas/contracts/events/outcome-event.ts";
import { RotationEvent } from "../lambdas/contracts/events/outcome-event.ts";
import { OUTCOME_SOURCE, ROTATION_NEWS_DETAIL_TYPE } from "../lambdas/contracts/names.ts";
import { TIMINGS } from "../lambdas/contracts/timings.ts";
import type { RotationPorts } from "../lambdas/domain/rotate/ports.ts";
import type { AwsModel } from "./aws/aws-model.ts";
import { modelRotationPorts } from "./aws/ports/rotation-ports.ts";
import type { Queue } from "./aws/sqs/queue.ts";
import { MemoryControl } from "./memory/memory-control.ts";
import { MemoryRotationJournal, MemoryRotations } from "./memory/memory-rotations.ts";
import { MemoryWatch } from "./memory/memory-watch.ts";

const QUEUE = "rotate-tokens";
const BUS = "drover";

export interface RotationWorldSettings {
  readonly aws: AwsModel;
  /** The strategies, over whatever servers. */
  readonly kindOf: RotationPorts["kindOf"];
  /** @default nothing is issued by what is rotated */
  readonly issuedBy?: RotationPorts["issuedBy"];
  /** @default Drover itself trusts whoever is there */
  readonly ownTrust?: RotationPorts["ownTrust"];
  /** Nomad's variables, where a rotation names one. */
  readonly variables?: VariableMirrors;
  /** The tokens of Consul's agents, where a rotation names some. */
  readonly agentTokens?: AgentTokens;
  /** Those of Vault, where a rotation delivers some. */
  readonly wrappings?: Wrappings;
  /** @default "test" */
  readonly deployment?: string;
}

/** All a rotation may touch, over models, and what can be looked at of it. */
export interface RotationWorld {
  readonly ports: RotationPorts;
  /** What rotate-tokens is to do; messages are the bodies that its handler gets. */
  readonly queue: Queue;
  /** Where messages go that failed too often. */
  readonly deadLetters: Queue;
  readonly rotations: MemoryRotations;
  readonly journal: MemoryRotationJournal;
  readonly watch: MemoryWatch;
  readonly control: MemoryControl;
  /** How often each metric was written. */
  readonly counted: ReadonlyMap<string, number>;
  /** What was told on the bus, the earliest first. */
  readonly told: () => readonly z.output<typeof RotationDetail>[];
}

/**
 * Makes the ports of rotations over the models, in the model's time: Drover's real clients in front of the
 * model of AWS, and the table's records in memory.
 */
export function createRotationWorld(settings: RotationWorldSettings): RotationWorld {
  const {
    aws,
    kindOf,
    issuedBy = () => [],
    ownTrust = [],
    variables,
    agentTokens,
    wrappings,
    deployment = "test",
  } = settings;
  const { clock } = aws;
  const deadLetters = aws.sqs.createQueue({ name: `${QUEUE}-dead-letters` });
  const queue = aws.sqs.createQueue({
    name: QUEUE,
    visibilityTimeoutSeconds: TIMINGS.visibilityTimeoutSeconds,
    deadLetter: { queue: deadLetters, maxReceiveCount: TIMINGS.maxReceiveCount },
  });
  const rotations = new MemoryRotations();
  const journal = new MemoryRotationJournal();
  const watch = new MemoryWatch();
  const control = new MemoryControl();
  const counted = new Map<string, number>();
  const count = (name: string) => void counted.set(name, (counted.get(name) ?? 0) + 1);
  let ids = 0;
  const { parameters, machineParameters, reloads, ...ofAws } = modelRotationPorts(aws, {
    deployment,
    queue: QUEUE,
    bus: BUS,
  });
  return {
    ports: {
      ...ofAws,
      mirrorsOf: createMirrorsOf({ parameters, variables }),
      consumersOf: createConsumersOf({
        reloads,
        agentTokens,
        parameters: machineParameters,
        wrappingsOf: ({ name }) => {
          if (wrappings) return wrappings;
          throw new Error(`${name}: this world has no Vault that wraps`);
        },
        clock,
      }),
      rotations,
      journal,
      watch,
      control,
      issuedBy,
      ownTrust,
      kindOf,
      metrics: { count, seconds: count },
      clock,
      // Its time stands still while somebody waits for an answer.
      within: (work) => work,
      newId: () => `10000000-0000-4000-8000-${String(ids++).padStart(12, "0")}`,
    },
    queue,
    deadLetters,
    rotations,
    journal,
    watch,
    control,
    counted,
    told: listen(aws),
  };
}

function listen(aws: AwsModel): RotationWorld["told"] {
  aws.eventBridge.createBus(BUS);
  const heard = aws.sqs.createQueue({ name: `${QUEUE}-news` });
  aws.eventBridge.putRule(BUS, {
    name: `${QUEUE}-news`,
    pattern: { source: [OUTCOME_SOURCE], "detail-type": [ROTATION_NEWS_DETAIL_TYPE] },
    targets: [{ queue: heard }],
  });
  return () => heard.bodies().map((body) => RotationEvent.parse(JSON.parse(body)).detail);
}
