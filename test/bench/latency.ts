import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { LocalConfig } from "../../local/local-config.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";
import { percentile, round } from "./percentile.ts";

const WARM_UP = 20;
const MEASURED = 200;

/**
 * Milliseconds from a terminate event on the bus to the eligibility written in Nomad, one node after
 * the other: queue, handler, SDK clients, dynalite and Nomad over HTTP, all in one warm process.
 */
export async function latency(): Promise<Record<string, unknown>[]> {
  const instances = Array.from({ length: WARM_UP + MEASURED }, (_, index) =>
    InstanceId.parse(`i-${index.toString(16).padStart(17, "0")}`),
  );
  const config = LocalConfig.parse({ groups: [{ name: "nomad-clients", instances }] });
  const stack = await startLocalStack({
    config,
    timings: {
      autoScaling: { waitBeginsSeconds: 0, proceedSeconds: 0 },
      // What comes after an instance's end is not what is measured.
      ec2: { shuttingDownSeconds: 3_600 },
    },
  });
  const took: number[] = [];
  for (const instance of instances) took.push(await drainOne(stack, instance));
  await stack.stop();
  const measured = took.slice(WARM_UP);
  return [
    {
      events: measured.length,
      millisecondsP50: round(percentile(measured, 0.5)),
      millisecondsP99: round(percentile(measured, 0.99)),
    },
  ];
}

function drainOne({ cluster }: LocalStack, instanceId: string): Promise<number> {
  const { aws, nomad } = cluster;
  const nodeId = cluster.nodeId(instanceId);
  return new Promise((resolve) => {
    let putAt = 0;
    const stopEvents = aws.eventBridge.onEvent((event) => {
      if (event["detail-type"].endsWith("terminate Lifecycle Action")) putAt = performance.now();
    });
    const stopChanges = nomad.onChange(() => {
      if (nomad.node(nodeId)?.eligible) return;
      stopEvents();
      stopChanges();
      resolve(performance.now() - putAt);
    });
    aws.autoScaling.terminateInstance(instanceId, true);
  });
}
