import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { replayEntry } from "../../../lambdas/contracts/replay.ts";
import type { AwsModel } from "../../../local/aws/aws-model.ts";
import { DEFAULT_BUS } from "../../../local/aws/event-bridge/event-bridge-model.ts";
import { readSettings } from "../settings.ts";

/** Carries events from the model's default bus to Drover's deployed bus. */
export interface Relay {
  /** @throws when an event was refused on the way. */
  close(): Promise<void>;
}

/**
 * Starts to replay every event that AWS's model emits, whatever it is: which of them start what is
 * for the deployed rules to say.
 */
export function startRelay(aws: AwsModel): Relay {
  const bridge = new EventBridgeClient({});
  const { bus: deployedBus } = readSettings();
  const sent: Promise<void>[] = [];
  const stop = aws.eventBridge.onEvent((event, bus) => {
    if (bus === DEFAULT_BUS) sent.push(replay(bridge, event, deployedBus));
  });
  return {
    async close() {
      stop();
      await Promise.all(sent);
      bridge.destroy();
    },
  };
}

async function replay(bridge: EventBridgeClient, event: unknown, bus: string): Promise<void> {
  const entry = replayEntry(event, bus);
  const { Entries } = await bridge.send(new PutEventsCommand({ Entries: [entry] }));
  const code = Entries?.[0]?.ErrorCode;
  if (code) throw new Error(`${bus} refused ${JSON.stringify(event)}: ${code}`);
}
