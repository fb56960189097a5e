import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { reloadDocument } from "../../contracts/events/command-event.ts";
import type { NodeId } from "../../contracts/ids.ts";
import type { CommandResult } from "../../domain/ports/commands.ts";
import { groupMembers } from "./group-members.ts";
import { createReloadOrders } from "./reload-orders.ts";
import { createReloadResults } from "./reload-results.ts";
import { soon, type WhenToSend } from "./soon.ts";

/** Machines whose agents read a secret when they are told to. Methods throw a `PortError`. */
export interface Reloads {
  /** The instances of some groups, in whatever state, until they have ended. */
  members(groups: readonly string[]): Promise<readonly NodeId[]>;
  /**
   * Has a machine's agents read it anew.
   * @returns the command's id; undefined when Systems Manager does not know the machine.
   */
  reload(
    id: NodeId,
    units: readonly string[],
    action: "reload" | "restart",
  ): Promise<string | undefined>;
  result(id: NodeId, commandId: string): Promise<CommandResult | undefined>;
}

/** How machines are reached. */
export interface ReloadsOptions {
  /** Whose document reloads agents. */
  readonly deployment: string;
  /** When what is asked together goes out. @default within 10 ms */
  readonly whenToSend?: WhenToSend;
}

/** The machines of Auto Scaling groups, told by commands of Systems Manager. */
export function createReloads(
  clients: { readonly ssm: SSMClient; readonly autoScaling: AutoScalingClient },
  { deployment, whenToSend = soon }: ReloadsOptions,
): Reloads {
  const order = createReloadOrders(clients.ssm, reloadDocument(deployment), whenToSend);
  const ask = createReloadResults(clients.ssm, whenToSend);
  return {
    members: (groups) => groupMembers(clients.autoScaling, groups),
    reload: (id, units, action) => order({ id, units, action }),
    result: (id, commandId) => ask({ id, commandId }),
  };
}
