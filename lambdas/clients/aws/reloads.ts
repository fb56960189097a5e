import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { reloadDocument } from "../../contracts/events/command-event.ts";
import type { Consumers } from "../../domain/rotate/ports.ts";
import { membersInService } from "./members-in-service.ts";
import { createReloadOrders } from "./reload-orders.ts";
import { createReloadResults } from "./reload-results.ts";
import { soon, type WhenToSend } from "./soon.ts";

/** How consumers of secrets are reached. */
export interface ConsumersOptions {
  /** Whose document reloads agents. */
  readonly deployment: string;
  /** When what is asked together goes out. @default within 10 ms */
  readonly whenToSend?: WhenToSend;
}

/** The machines of Auto Scaling groups, told by commands of Systems Manager. */
export function createConsumers(
  clients: { readonly ssm: SSMClient; readonly autoScaling: AutoScalingClient },
  { deployment, whenToSend = soon }: ConsumersOptions,
): Consumers {
  const order = createReloadOrders(clients.ssm, reloadDocument(deployment), whenToSend);
  const ask = createReloadResults(clients.ssm, whenToSend);
  return {
    members: (groups) => membersInService(clients.autoScaling, groups),
    reload: (id, units, action) => order({ id, units, action }),
    result: (id, commandId) => ask({ id, commandId }),
  };
}
