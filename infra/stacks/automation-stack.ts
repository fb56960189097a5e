import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { CONFIG_FILE_NAME } from "../bundle.ts";
import type { AlarmChoice } from "../constructs/alarm-choice.ts";
import { EventDrivenFunction } from "../constructs/event-driven-function.ts";
import { Network } from "../constructs/network.ts";
import { NodeTable } from "../constructs/node-table.ts";
import { ReplayBus } from "../constructs/replay-bus.ts";
import { logRetention } from "../log-retention.ts";
import { drainClientPermissions } from "../permissions/drain-client.ts";

export interface AutomationStackProps extends StackProps {
  readonly config: Config;
  /** The folder `bundle` wrote drain-client to. */
  readonly drainClientCode: string;
}

/** Drover beside an existing cluster: the table, the bus and the functions. */
export class AutomationStack extends Stack {
  constructor(scope: Construct, id: string, props: AutomationStackProps) {
    super(scope, id, props);
    const { config } = props;
    const network = new Network(this, "Network", config);
    const table = new NodeTable(this, "Nodes");
    const bus = new ReplayBus(this, "Bus", {
      eventBusName: config.name,
      principals: config.replay.principals,
    });
    const drainClient = new EventDrivenFunction(this, "DrainClient", {
      name: "drain-client",
      deployment: config.name,
      code: Code.fromAsset(props.drainClientCode),
      alarms: alarmChoice(this, config),
      bus,
      vpc: network.vpc,
      securityGroup: network.securityGroup,
      permissions: drainClientPermissions(this, config, table),
      memoryMegabytes: config.functions.memoryMegabytes,
      maxConcurrency: config.functions.maxConcurrency,
      logRetention: logRetention(config),
      environment: {
        [ENVIRONMENT.configFile]: CONFIG_FILE_NAME,
        [ENVIRONMENT.table]: table.tableName,
        ...config.functions.environment,
      },
    });
    const { queue, deadLetterQueue } = drainClient.work;
    this.#output("TableName", table.tableName, ENVIRONMENT.table);
    this.#output("BusName", bus.eventBusName, ENVIRONMENT.bus);
    this.#output("DrainClientQueueUrl", queue.queueUrl, ENVIRONMENT.queueUrl);
    this.#output("DrainClientDeadLetterQueueUrl", deadLetterQueue.queueUrl);
    this.#output("DrainClientDeadLetterQueueArn", deadLetterQueue.queueArn);
    this.#output("DrainClientRoleArn", drainClient.role.roleArn);
    this.#output("SecurityGroupId", network.securityGroup.securityGroupId);
  }

  #output(name: string, value: string, environmentVariable?: string): void {
    const description = environmentVariable && `The CLI reads it from ${environmentVariable}`;
    new CfnOutput(this, name, { value, description });
  }
}

function alarmChoice(scope: Construct, { alarms }: Config): AlarmChoice {
  if ("off" in alarms) return alarms;
  return { topic: Topic.fromTopicArn(scope, "AlarmTopic", alarms.topicArn) };
}
