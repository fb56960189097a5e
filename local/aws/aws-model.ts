import type { ModelClock } from "../clock.ts";
import { AutoScalingModel } from "./auto-scaling/auto-scaling-model.ts";
import { HookNotifier } from "./auto-scaling/hook-notifier.ts";
import type { AutoScalingTimings } from "./auto-scaling/journeys.ts";
import { CloudWatchAlarms } from "./cloud-watch-alarms.ts";
import type { AwsContext } from "./context.ts";
import { Ec2Model } from "./ec2/ec2-model.ts";
import type { Ec2Timings } from "./ec2/instance.ts";
import { EventBridgeModel } from "./event-bridge/event-bridge-model.ts";
import { Faults } from "./faults.ts";
import { Health } from "./health.ts";
import { SecretsManagerModel } from "./secrets-manager/secrets-manager-model.ts";
import { Sequence } from "./sequence.ts";
import { SqsModel } from "./sqs/sqs-model.ts";
import { InstanceRole } from "./ssm/instance-role.ts";
import { ManagedNodes } from "./ssm/managed-nodes.ts";
import { ParameterStore } from "./ssm/parameter-store.ts";
import { RunCommand } from "./ssm/run-command.ts";
import type { WriteRate } from "./ssm/write-limit.ts";

export interface AwsModelSettings {
  readonly clock: ModelClock;
  /** @default "111111111111" */
  readonly account?: string;
  /** @default "eu-central-1" */
  readonly region?: string;
  readonly ec2?: Partial<Ec2Timings>;
  readonly autoScaling?: Partial<AutoScalingTimings>;
  /** How many parameters may be written; `PUT_PARAMETER_RATE` is AWS's. @default any number */
  readonly parameterWrites?: WriteRate;
  /** What made-up ids count on from: two models with the same number give the same ids. @default 0 */
  readonly idsFrom?: number;
}

/** One AWS account in one region, in memory. */
export class AwsModel {
  readonly clock: ModelClock;
  readonly account: string;
  readonly region: string;
  readonly faults = new Faults();
  readonly sqs: SqsModel;
  readonly eventBridge: EventBridgeModel;
  /** AWS Health. */
  readonly health: Health;
  readonly ec2: Ec2Model;
  /** CloudWatch's alarms on EC2's status checks. */
  readonly alarms: CloudWatchAlarms;
  readonly autoScaling: AutoScalingModel;
  readonly secrets: SecretsManagerModel;
  /** Systems Manager's Parameter Store. */
  readonly parameters: ParameterStore;
  /** Systems Manager's machines: those with its agent. */
  readonly managedNodes: ManagedNodes;
  /** Systems Manager's Run Command. */
  readonly runCommand: RunCommand;

  constructor(settings: AwsModelSettings) {
    this.clock = settings.clock;
    this.account = settings.account ?? "111111111111";
    this.region = settings.region ?? "eu-central-1";
    const context: AwsContext = {
      clock: this.clock,
      account: this.account,
      region: this.region,
      ids: new Sequence(settings.idsFrom),
      faults: this.faults,
      announce: (announcement) => this.eventBridge.emit(announcement),
    };
    this.sqs = new SqsModel(context);
    this.eventBridge = new EventBridgeModel(context);
    this.health = new Health(context);
    this.ec2 = new Ec2Model(context, settings.ec2, this.health);
    this.alarms = new CloudWatchAlarms(context, this.ec2);
    this.secrets = new SecretsManagerModel(context);
    this.parameters = new ParameterStore(context, settings.parameterWrites);
    this.managedNodes = new ManagedNodes(context);
    this.ec2.onStateChange(({ id, state }) => {
      if (state !== "pending" && state !== "running") this.managedNodes.stopAgent(id);
    });
    this.runCommand = new RunCommand(context, this.managedNodes, (id) => this.#canBeCommanded(id));
    const notifier = new HookNotifier(context, this.sqs);
    this.autoScaling = new AutoScalingModel(context, this.ec2, notifier, settings.autoScaling);
  }

  /** Parameter Store as the role of an instance may use it. */
  roleOf(instanceId: string): InstanceRole {
    return new InstanceRole(this.parameters, this, instanceId);
  }

  /** Systems Manager takes no command for an instance that ends. */
  #canBeCommanded(id: string): boolean {
    if (!this.managedNodes.find(id)) return false;
    const state = this.ec2.find(id)?.state;
    return (
      id.startsWith("mi-") || (state !== undefined && !/^(shutting-down|terminated)$/.test(state))
    );
  }
}
