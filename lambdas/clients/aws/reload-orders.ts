import { SendCommandCommand, type SSMClient } from "@aws-sdk/client-ssm";
import DataLoader from "dataloader";
import { InstanceId, type NodeId } from "../../contracts/ids.ts";
import { isInvalidInstance } from "./command-error.ts";
import { toPortError } from "./sdk-error.ts";
import type { WhenToSend } from "./soon.ts";

/** SendCommand takes no more. */
const MACHINES_A_CALL = 50;
/** An agent that lives fetches a command within seconds. */
const DELIVERY_SECONDS = 60;

/** What a machine is to do. */
export interface ReloadOrder {
  readonly id: NodeId;
  readonly units: readonly string[];
  readonly action: "reload" | "restart";
}

/** Sends orders; the commands' ids come back in their order, undefined for machines nobody knows. */
export type SendOrder = (order: ReloadOrder) => Promise<string | undefined>;

/** Orders that are given together, for the same to be done, travel in one command. */
export function createReloadOrders(
  client: SSMClient,
  documentName: string,
  whenToSend: WhenToSend,
): SendOrder {
  /** @returns undefined when one of the machines can't be sent anything: then none is. */
  async function send(ids: readonly NodeId[], { units, action }: ReloadOrder) {
    const command = new SendCommandCommand({
      DocumentName: documentName,
      InstanceIds: [...ids],
      Parameters: { Units: [units.join(" ")], Action: [action] },
      TimeoutSeconds: DELIVERY_SECONDS,
      Comment: `Drover has agents ${action}`,
    });
    try {
      return (await client.send(command)).Command?.CommandId;
    } catch (cause) {
      if (isInvalidInstance(cause)) return undefined;
      throw toPortError("ssm", "ssm:SendCommand", cause);
    }
  }

  /** Halves what is refused, until it is known which machine it is for. */
  async function sendAll(ids: readonly NodeId[], order: ReloadOrder): Promise<Sent> {
    if (ids.length === 0) return new Map();
    const commandId = await send(ids, order);
    if (commandId || ids.length === 1) return new Map(ids.map((id) => [id, commandId]));
    const half = Math.ceil(ids.length / 2);
    const first = await sendAll(ids.slice(0, half), order);
    return new Map([...first, ...(await sendAll(ids.slice(half), order))]);
  }

  async function sendTogether(orders: readonly ReloadOrder[]) {
    const sent = new Map<string, Promise<Sent>>();
    for (const [key, [first, ...rest]] of Map.groupBy(orders, keyOf)) {
      if (!first) continue;
      const machines = [first, ...rest].map(({ id }) => id).filter(isMachine);
      sent.set(key, sendAll([...new Set(machines)], first));
    }
    return Promise.all(orders.map(async (order) => (await sent.get(keyOf(order)))?.get(order.id)));
  }

  const loader = new DataLoader(sendTogether, {
    cache: false,
    maxBatchSize: MACHINES_A_CALL,
    batchScheduleFn: whenToSend,
  });
  return (order) => loader.load(order);
}

type Sent = ReadonlyMap<NodeId, string | undefined>;

/** Two orders of the same key are one command. */
function keyOf({ units, action }: ReloadOrder): string {
  return `${action} ${units.join(" ")}`;
}

function isMachine(id: NodeId): boolean {
  return InstanceId.safeParse(id).success;
}
