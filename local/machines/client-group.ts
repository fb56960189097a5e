import type { GroupInput } from "../aws/auto-scaling/group-input.ts";
import type { HookInput } from "../aws/auto-scaling/hook.ts";
import type { Ec2Instance } from "../aws/ec2/instance.ts";
import type { NodeInput } from "../nomad/node.ts";
import type { MachineImage } from "./image.ts";

const TERMINATE_HOOK: HookInput = {
  name: "drover-terminate",
  transition: "terminating",
  heartbeatTimeoutSeconds: 300,
};

/** A group of Nomad clients. */
export interface ClientGroup extends Omit<GroupInput, "desiredCapacity" | "instances"> {
  /** How many, or which. */
  readonly instances: number | readonly string[];
  /** @default one terminate hook, `drover-terminate`, with a heartbeat timeout of 300 s */
  readonly hooks?: readonly HookInput[];
  /** Instances whose agent never registers with Nomad. @default [] */
  readonly withoutNode?: readonly string[];
  /** What each agent is started with. @default the instance id, as the fingerprint finds it */
  readonly client?: (instance: Ec2Instance) => NodeInput;
  /**
   * What instances boot from that the group launches later. Those it has at once then have a Consul
   * agent, too, with the token that Drover would have given them.
   * @default nothing runs on later ones
   */
  readonly image?: MachineImage;
}

/** The Auto Scaling group of a group of clients, its instances in service. */
export function groupInput({
  instances,
  withoutNode,
  client,
  image,
  ...group
}: ClientGroup): GroupInput {
  const launches =
    typeof instances === "number"
      ? Array.from({ length: instances }, () => ({}))
      : instances.map((id) => ({ id }));
  return { hooks: [TERMINATE_HOOK], ...group, instances: launches };
}
