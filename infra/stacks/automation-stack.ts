import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { concurrencyOf, functionsOf } from "../../lambdas/contracts/config/connections.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { HINTS_TO } from "../../lambdas/contracts/hint.ts";
import { ENVIRONMENT, type FunctionName } from "../../lambdas/contracts/names.ts";
import { CONFIG_FILE_NAME } from "../bundle.ts";
import type { AlarmChoice } from "../constructs/alarm-choice.ts";
import { DroverBus } from "../constructs/drover-bus.ts";
import { EventDrivenFunction } from "../constructs/event-driven-function.ts";
import { IntroductionAccess } from "../constructs/introduction-access.ts";
import { Network } from "../constructs/network.ts";
import { NodeTable } from "../constructs/node-table.ts";
import { TimeRule } from "../constructs/time-rule.ts";
import { TokenRotation } from "../constructs/token-rotation.ts";
import { logRetention } from "../log-retention.ts";
import { namesSecret } from "../names-secret.ts";
import { FUNCTION_PERMISSIONS } from "../permissions/function-permissions.ts";
import { RestartDocument } from "../restart-agents/restart-document.ts";

export interface AutomationStackProps extends StackProps {
  readonly config: Config;
  /** The folders `bundle` wrote the functions to. */
  readonly code: ReadonlyMap<FunctionName, string>;
}

interface Shared {
  readonly network: Network;
  readonly table: NodeTable;
  readonly bus: DroverBus;
}

type Functions = ReadonlyMap<FunctionName, EventDrivenFunction>;

const SWEEP_INTERVAL = Duration.minutes(1);

/** Drover beside an existing cluster: the table, the bus and the functions. */
export class AutomationStack extends Stack {
  constructor(scope: Construct, id: string, props: AutomationStackProps) {
    super(scope, id, props);
    const { config } = props;
    const network = new Network(this, "Network", config);
    const table = new NodeTable(this, "Nodes");
    const bus = new DroverBus(this, "Bus", config.name);
    const functions = this.#makeFunctions(props, { network, table, bus });
    bus.restrictTo(
      config.replay.principals,
      [...functions.values()].map(({ role }) => role.roleArn),
    );
    const { work } = madeOf("sweep", functions);
    new TimeRule(this, "SweepSchedule", { starts: "sweep", work, interval: SWEEP_INTERVAL });
    new RestartDocument(this, "RestartAgents", config);
    this.#output("TableName", table.tableName, ENVIRONMENT.table);
    this.#output("BusName", bus.eventBusName, ENVIRONMENT.bus);
    this.#output("SecurityGroupId", network.securityGroup.securityGroupId);
    this.#makeIntroductionAccess(config);
    this.#makeRotation(config, functions);
  }

  #makeFunctions({ config, code }: AutomationStackProps, shared: Shared): Functions {
    const { network, table, bus } = shared;
    const alarms = alarmChoice(this, config);
    const made = functionsOf(config).map((name) => {
      const each = new EventDrivenFunction(this, pascalCase(name), {
        name,
        deployment: config.name,
        code: Code.fromAsset(folderOf(name, code)),
        alarms,
        bus,
        vpc: network.vpc,
        securityGroup: network.securityGroup,
        permissions: FUNCTION_PERMISSIONS[name](this, { config, table, bus }),
        memoryMegabytes: config.functions.memoryMegabytes,
        maxConcurrency: concurrencyOf(name, config.functions.maxConcurrency),
        logRetention: logRetention(config),
        environment: {
          [ENVIRONMENT.configFile]: CONFIG_FILE_NAME,
          [ENVIRONMENT.table]: table.tableName,
          ...config.functions.environment,
        },
      });
      this.#outputFunction(pascalCase(name), each);
      return [name, each] as const;
    });
    const functions = new Map(made);
    for (const [name, each] of made) {
      const flows = HINTS_TO[name].map((flow) => [flow, madeOf(flow, functions)] as const);
      each.sendHintsTo(Object.fromEntries(flows));
    }
    return functions;
  }

  #makeIntroductionAccess({ introduction, name }: Config): void {
    if (!introduction) return;
    const { policy } = new IntroductionAccess(this, "IntroductionAccess", {
      introduction,
      deployment: name,
    });
    this.#output("IntroductionPolicyArn", policy.managedPolicyArn);
  }

  #makeRotation({ rotate, name }: Config, functions: Functions): void {
    if (!rotate) return;
    const { function: fn, work, role } = madeOf("rotate-tokens", functions);
    const others = [...functions].filter(([each]) => each !== "rotate-tokens");
    const rotation = new TokenRotation(this, "Rotation", {
      rotate,
      deployment: name,
      function: fn,
      work,
      role,
      readersOf: (secret) =>
        others
          .filter(([, { secrets }]) => secrets.some((each) => namesSecret(each, secret)))
          .map(([, each]) => each.role),
    });
    if (rotation.wrappedPolicy) {
      this.#output("WrappedPolicyArn", rotation.wrappedPolicy.managedPolicyArn);
    }
    if (rotation.secretKey) this.#output("RotatedSecretsKeyArn", rotation.secretKey.keyArn);
    if (rotation.mirrorKey) this.#output("RotatedParametersKeyArn", rotation.mirrorKey.keyArn);
  }

  #outputFunction(prefix: string, { work, role }: EventDrivenFunction): void {
    this.#output(`${prefix}QueueUrl`, work.queue.queueUrl);
    this.#output(`${prefix}DeadLetterQueueUrl`, work.deadLetterQueue.queueUrl);
    this.#output(`${prefix}DeadLetterQueueArn`, work.deadLetterQueue.queueArn);
    this.#output(`${prefix}RoleArn`, role.roleArn);
  }

  #output(name: string, value: string, environmentVariable?: string): void {
    const description = environmentVariable && `The CLI reads it from ${environmentVariable}`;
    new CfnOutput(this, name, { value, description });
  }
}

function madeOf(name: FunctionName, functions: Functions): EventDrivenFunction {
  const made = functions.get(name);
  if (made) return made;
  throw new Error(`${name} is not part of this deployment`);
}

function folderOf(name: FunctionName, code: AutomationStackProps["code"]): string {
  const folder = code.get(name);
  if (folder) return folder;
  throw new Error(`${name} was not bundled`);
}

/** `drain-client` → `DrainClient`, as ids of constructs and outputs are spelt. */
function pascalCase(name: FunctionName): string {
  return name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function alarmChoice(scope: Construct, { alarms }: Config): AlarmChoice {
  if ("off" in alarms) return alarms;
  return { topic: Topic.fromTopicArn(scope, "AlarmTopic", alarms.topicArn) };
}
