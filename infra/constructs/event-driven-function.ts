import { Duration, Stack } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { ENVIRONMENT, type FlowName, type FunctionName } from "../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import type { AlarmChoice } from "./alarm-choice.ts";
import { FUNCTION_ALARM_NAMES } from "./function-alarm-names.ts";
import { FunctionAlarms } from "./function-alarms.ts";
import { FunctionRole, type Permissions } from "./function-role.ts";
import { TriggerRules } from "./trigger-rules.ts";
import { WorkQueue } from "./work-queue.ts";

export interface EventDrivenFunctionProps {
  /** Which of the functions this is: the trigger list says what starts it. */
  readonly name: FunctionName;
  /** The deployment's name; the function is called `<deployment>-<name>`. */
  readonly deployment: string;
  /** A folder with `index.mjs` that exports `handler`. */
  readonly code: Code;
  /** Alarms on, or off with the reason. There is no default. */
  readonly alarms: AlarmChoice;
  readonly bus: IEventBus;
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;
  /** What the function may do besides working on its queue and writing its log. */
  readonly permissions: Permissions;
  readonly memoryMegabytes: number;
  /** Function instances that work on the queue at once, 2 to 1,000. */
  readonly maxConcurrency: number;
  readonly logRetention: RetentionDays;
  /** More environment variables. They win over the construct's own. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A function with all that starts it, feeds it, and tells when it is not well. */
export class EventDrivenFunction extends Construct {
  readonly function: LambdaFunction;
  readonly work: WorkQueue;
  readonly role: FunctionRole;
  /** The secrets that it may read to talk to servers, by name or ARN as configured. */
  readonly secrets: readonly string[];

  constructor(scope: Construct, id: string, props: EventDrivenFunctionProps) {
    super(scope, id);
    const functionName = `${props.deployment}-${props.name}`;
    this.secrets = props.permissions.secrets ?? [];
    this.work = new WorkQueue(this, "Work");
    const logGroup = new LogGroup(this, "Log", { retention: props.logRetention });
    this.role = new FunctionRole(this, "Role", {
      functionName,
      logGroup,
      permissions: props.permissions,
    });
    this.function = new LambdaFunction(this, "Function", {
      functionName,
      code: props.code,
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(TIMINGS.functionTimeoutSeconds),
      role: this.role,
      logGroup,
      vpc: props.vpc,
      securityGroups: [props.securityGroup],
      // A tick goes to the function's own queue. Lambda's loop detection would take the chain of
      // ticks for a runaway and stop it after about 16; every chain ends at the node's deadline.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        [ENVIRONMENT.queueUrl]: this.work.queue.queueUrl,
        [ENVIRONMENT.bus]: props.bus.eventBusName,
        // Powertools writes it into every log line, and as the dimension of every metric.
        POWERTOOLS_SERVICE_NAME: functionName,
        ...props.environment,
      },
    });
    this.function.addEventSource(
      new SqsEventSource(this.work.queue, {
        batchSize: TIMINGS.batchSize,
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
      }),
    );
    this.work.queue.grantSendMessages(this.role);
    new TriggerRules(this, "Triggers", { starts: props.name, bus: props.bus, work: this.work });
    this.#makeAlarms(props, functionName);
  }

  /**
   * Lets the function put hints into the queues of flows. Told when all functions are made: they send hints
   * to each other.
   */
  sendHintsTo(flows: Readonly<Partial<Record<FlowName, EventDrivenFunction>>>): void {
    const entries = Object.entries(flows);
    const urls = Object.fromEntries(entries.map(([flow, { work }]) => [flow, work.queue.queueUrl]));
    this.function.addEnvironment(ENVIRONMENT.hintQueues, Stack.of(this).toJsonString(urls));
    // Its own queue it may send to as it is, for its ticks.
    const others = entries.filter(([, flow]) => flow !== this);
    const resources = others.map(([, { work }]) => work.queue.queueArn);
    if (resources.length === 0) return;
    this.role.addToPolicy(new PolicyStatement({ actions: ["sqs:SendMessage"], resources }));
  }

  #makeAlarms({ alarms, name }: EventDrivenFunctionProps, serviceName: string): void {
    if ("off" in alarms) {
      Stack.of(this).addMetadata(`AlarmsOff-${name}`, alarms.because);
      return;
    }
    const { function: fn, work } = this;
    const names = FUNCTION_ALARM_NAMES[name];
    const { topic } = alarms;
    new FunctionAlarms(this, "Alarms", { names, topic, work, function: fn, serviceName });
  }
}
