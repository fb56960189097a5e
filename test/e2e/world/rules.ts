import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";

/** A deployed rule and where it leads. */
export interface DeployedRule {
  readonly name: string;
  /** Empty for one that a schedule starts. */
  readonly pattern: string;
  readonly schedule?: string;
  readonly isEnabled: boolean;
  readonly targets: readonly { readonly arn: string; readonly inputPath?: string }[];
}

const bridge = new EventBridgeClient({});

/** The rules of a bus. */
export async function rulesOf(bus: string): Promise<DeployedRule[]> {
  const { Rules = [] } = await bridge.send(new ListRulesCommand({ EventBusName: bus }));
  return Promise.all(
    Rules.map(async ({ Name = "", EventPattern = "", ScheduleExpression, State }) => ({
      name: Name,
      pattern: EventPattern,
      ...(ScheduleExpression && { schedule: ScheduleExpression }),
      isEnabled: State === "ENABLED",
      targets: await targetsOf(bus, Name),
    })),
  );
}

/** Whether EventBridge says that the pattern matches. */
export async function matches(pattern: string, event: object): Promise<boolean | undefined> {
  const test = new TestEventPatternCommand({
    EventPattern: pattern,
    Event: JSON.stringify(event),
  });
  return (await bridge.send(test)).Result;
}

async function targetsOf(bus: string, rule: string): Promise<DeployedRule["targets"]> {
  const ask = new ListTargetsByRuleCommand({ EventBusName: bus, Rule: rule });
  const { Targets = [] } = await bridge.send(ask);
  return Targets.map(({ Arn = "", InputPath }) => ({
    arn: Arn,
    ...(InputPath && { inputPath: InputPath }),
  }));
}
