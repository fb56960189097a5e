import type { Context } from "aws-lambda";
import type { MetricName } from "../../lambdas/contracts/names.ts";
import { KnownHosts } from "../../lambdas/domain/sweep/known-hosts.ts";
import type { SweepLog, SweepPorts } from "../../lambdas/domain/sweep/ports.ts";
import { RecentlyTold } from "../../lambdas/domain/sweep/recently-told.ts";
import { sweepHandler } from "../../lambdas/runtime/sweep-handler.ts";
import { modelAwsSurveys, modelFlowTicks } from "../../local/aws/ports/survey-ports.ts";
import { modelHints } from "../../local/aws/ports.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { DROVER_TOKEN } from "../../local/consul/drover-setup.ts";
import { modelConsulSurvey } from "../../local/consul/port.ts";
import { createFlowQueues, type FlowQueues } from "../../local/flow-queues.ts";
import { memoryRecordSurvey } from "../../local/memory/survey-records.ts";
import { MemorySweepRuns } from "../../local/memory/survey-runs.ts";
import { modelNomadSurvey } from "../../local/nomad/port.ts";
import type { Scenario } from "./scenario.ts";

const SWEEP_SECONDS = 60;

/** The sweep at work beside a scenario's flows. */
export interface Sweeping {
  readonly queues: FlowQueues;
  readonly ports: SweepPorts;
  readonly runs: MemorySweepRuns;
  /** What it sent to flows, hints and ticks, as the queues got it. */
  readonly sent: { readonly flow: string; readonly body: unknown }[];
  /** What it wrote into its log. */
  readonly log: string[];
  /** How often its metric was written. */
  metric(name: MetricName): number;
}

/** Has the sweep's real handler work on its queue, every minute from now on. */
export function startSweeping(
  scenario: Scenario,
  change: (ports: SweepPorts) => SweepPorts = (ports) => ports,
): Sweeping {
  const { aws, nomad, consul } = scenario.cluster;
  const { config } = scenario;
  const queues = createFlowQueues(aws, "sweep", "drover");
  const runs = new MemorySweepRuns(aws.clock);
  const counted = new Map<string, number>();
  const count = (name: string) => void counted.set(name, (counted.get(name) ?? 0) + 1);
  const sent: Sweeping["sent"] = [];
  const log: string[] = [];
  const write: SweepLog["info"] = (text, details) => {
    log.push(`${text} ${JSON.stringify(details)}`);
  };
  const hints = modelHints(aws, "sweep");
  const ticks = modelFlowTicks(aws);
  let ids = 0;
  const ports = change({
    ...modelAwsSurveys(aws),
    nomad: modelNomadSurvey(nomad, nomad.createToken({ node: "read", operator: "read" })),
    consul: config.consul && modelConsulSurvey(consul, consul.createToken(DROVER_TOKEN)),
    records: memoryRecordSurvey(scenario.nodes),
    runs,
    ticks: {
      async resend(flow, all) {
        await ticks.resend(flow, all);
        sent.push(...all.map((body) => ({ flow, body })));
      },
    },
    hints: {
      async send(flow, all) {
        await hints.send(flow, all);
        sent.push(...all.map((body) => ({ flow, body })));
      },
    },
    outcomes: {
      tell: async () => undefined,
      report: async (finding) => void scenario.ports.findings.push(finding),
    },
    metrics: { count, seconds: count },
    log: { info: write, warn: write },
    clock: aws.clock,
    // In virtual time an answer takes none.
    within: (work) => work,
    newId: () => `sweep-${ids++}`,
  });
  const sweeper = { ports, config, told: new RecentlyTold(), hosts: new KnownHosts() };
  const handler = sweepHandler(() => sweeper);
  const call = (event: Parameters<typeof handler>[0]) => handler(event, {} as Context);
  const onError = (error: unknown) => {
    throw error;
  };
  new QueuePoller(queues.queue, call, { region: aws.region, onError });
  aws.eventBridge.schedule("sweep", SWEEP_SECONDS, queues.queue);
  return { queues, ports, runs, sent, log, metric: (name) => counted.get(name) ?? 0 };
}
