import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { replayEntry } from "../../../lambdas/contracts/replay.ts";
import type { AwsModel } from "../../../local/aws/aws-model.ts";
import { DEFAULT_BUS } from "../../../local/aws/event-bridge/event-bridge-model.ts";
import { readSettings } from "../settings.ts";
import { type DeployedRule, matches, rulesOf } from "./rules.ts";

/** Carries events from the model's default bus to Drover's deployed bus. */
export interface Relay {
  /** @throws when an event was refused on the way. */
  close(): Promise<void>;
}

/**
 * Starts to replay what AWS's model emits on its default bus, if a rule that is deployed on the account's
 * would let it through: what is replayed and of no use ends in a dead-letter queue, and no event of AWS
 * does.
 */
export async function startRelay(aws: AwsModel): Promise<Relay> {
  const bridge = new EventBridgeClient({});
  const { bus: deployedBus } = readSettings();
  const rules = (await rulesOf(DEFAULT_BUS)).filter(({ pattern }) => pattern);
  const sent: Promise<void>[] = [];
  const stop = aws.eventBridge.onEvent((event, bus) => {
    if (bus === DEFAULT_BUS) sent.push(relay(event));
  });

  async function relay(event: object): Promise<void> {
    if (await isWanted(event, rules)) await replay(bridge, event, deployedBus);
  }

  return {
    async close() {
      stop();
      await Promise.all(sent);
      bridge.destroy();
    },
  };
}

async function isWanted(event: object, rules: readonly DeployedRule[]): Promise<boolean> {
  const answers = await Promise.all(rules.map(({ pattern }) => matches(pattern, event)));
  return answers.some(Boolean);
}

async function replay(bridge: EventBridgeClient, event: object, bus: string): Promise<void> {
  const entry = replayEntry(event, bus);
  const { Entries } = await bridge.send(new PutEventsCommand({ Entries: [entry] }));
  const code = Entries?.[0]?.ErrorCode;
  if (code) throw new Error(`${bus} refused ${JSON.stringify(event)}: ${code}`);
}
