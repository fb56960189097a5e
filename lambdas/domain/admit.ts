import { type GroupName, InstanceId, type NodeId } from "../contracts/ids.ts";
import { METRICS } from "../contracts/names.ts";
import type { GroupInstance } from "./ports/auto-scaling.ts";
import type { Instance } from "./ports/compute.ts";
import { PortError } from "./ports/errors.ts";
import type { Ports } from "./ports/index.ts";
import type { Intent } from "./record.ts";
import type { Worker } from "./worker.ts";

/** What Auto Scaling and EC2 say of an instance. */
interface Seen {
  readonly member: GroupInstance | undefined;
  /** Read only where it matters. */
  readonly instance: Instance | undefined;
}

/**
 * Whether work is to be begun about an instance that may be anybody's: EC2 tells of every instance of the
 * account, and of each time that one is stopped for a warm pool.
 * @returns the intent with the instance's group, or undefined when it is none of Drover's business.
 */
export async function admit(
  nodeId: NodeId,
  intent: (group: GroupName | undefined) => Intent,
  { ports, config }: Worker,
): Promise<Intent | undefined> {
  const { reason } = intent(undefined);
  const seen = await look(nodeId, reason, ports);
  // There is no time to lose: whose it is, the flow asks again.
  if (seen === "unknown") return intent(undefined);
  const group = seen.member?.group ?? seen.instance?.group ?? undefined;
  const isOurs = config.groups.some(({ name }) => name === group);
  if (isOurs && !(reason === "state-change" && isOnlyResting(seen))) return intent(group);
  ports.metrics.count(METRICS.notOurs);
  return undefined;
}

// Nobody stops an instance that its group ends: it goes into the warm pool, or rests in it.
function isOnlyResting({ member, instance }: Seen): boolean {
  const isStopped = instance?.state === "stopping" || instance?.state === "stopped";
  return isStopped && /^(Warmed:|Terminating|Pending)/.test(member?.lifecycleState ?? "");
}

async function look(
  nodeId: NodeId,
  reason: Intent["reason"],
  { autoScaling, compute }: Ports,
): Promise<Seen | "unknown"> {
  const id = InstanceId.parse(nodeId);
  try {
    const member = await autoScaling.instance(id);
    const isAsked = !member || reason === "state-change";
    return { member, instance: isAsked ? await compute.instance(id) : undefined };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return "unknown";
  }
}
