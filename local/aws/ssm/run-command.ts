import { plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import { type AwsContext, arn } from "../context.ts";
import { type CommandInput, type Execution, hasEnded, type Invocation } from "./command.ts";
import type { ManagedNodes } from "./managed-nodes.ts";

/** A living agent has a command after this, and tells as soon how it went. */
const DELIVERY_SECONDS = 1;
/** Before that nobody knows of a command that was just sent. */
const KNOWN_AFTER_SECONDS = 1;
const TIMEOUT_SECONDS = 3_600;
/** For what runs on a machine that falls silent meanwhile: `executionTimeout`. */
const EXECUTION_SECONDS = 3_600;

/** Systems Manager's Run Command: commands, and what becomes of each on its machine. */
export class RunCommand {
  readonly #context: AwsContext;
  readonly #nodes: ManagedNodes;
  readonly #takes: (instanceId: string) => boolean;
  readonly #invocations: Invocation[] = [];
  /** What machines do when they are told to. @default they do nothing, and all is well */
  execute: (invocation: Invocation) => Promise<Execution> | Execution = () => ({
    exitStatus: 0,
    output: "",
  });

  /** @param takes whether a command can be sent to a machine at all. */
  constructor(context: AwsContext, nodes: ManagedNodes, takes: (instanceId: string) => boolean) {
    this.#context = context;
    this.#nodes = nodes;
    this.#takes = takes;
    nodes.onStart((id) => this.#deliverTo(id));
  }

  /**
   * Sends a command. A machine whose agent is dead fetches it when that is back, if it still may.
   * @returns the command's id.
   * @throws {AwsError} InvalidInstanceId for a machine that never was one of Systems Manager's, or ends.
   */
  send(input: CommandInput): string {
    for (const id of input.instanceIds) {
      if (this.#takes(id)) continue;
      const text = `Instances [[${id}]] not in a valid state for account ${this.#context.account}`;
      throw new AwsError("InvalidInstanceId", text);
    }
    const { clock, ids } = this.#context;
    const commandId = ids.uuid();
    const { timeoutSeconds = TIMEOUT_SECONDS } = input;
    for (const instanceId of input.instanceIds) {
      const invocation: Invocation = {
        commandId,
        instanceId,
        documentName: input.documentName,
        parameters: input.parameters ?? {},
        comment: input.comment ?? "",
        timeoutSeconds,
        requestedAt: clock.now(),
        status: "Pending",
        statusDetails: "Pending",
        output: "",
      };
      this.#invocations.unshift(invocation);
      this.#in(timeoutSeconds, () => {
        if (invocation.status === "Pending") this.#end(invocation, "TimedOut", "DeliveryTimedOut");
      });
    }
    this.#in(DELIVERY_SECONDS, () => input.instanceIds.forEach((id) => void this.#deliverTo(id)));
    return commandId;
  }

  /** The commands that are known by now, the latest first. */
  list(): Invocation[] {
    const now = this.#context.clock.now();
    return this.#invocations.filter(
      ({ requestedAt }) => plusSeconds(requestedAt, KNOWN_AFTER_SECONDS) <= now,
    );
  }

  #deliverTo(instanceId: string): void {
    for (const invocation of this.#invocations) {
      const isPending = invocation.instanceId === instanceId && invocation.status === "Pending";
      if (isPending && this.#nodes.lives(instanceId)) this.#deliver(invocation);
    }
  }

  #deliver(invocation: Invocation): void {
    invocation.startedAt = this.#context.clock.now();
    this.#change(invocation, "InProgress", "InProgress");
    this.#in(0, async () => {
      const { exitStatus, output, seconds = 2 } = await this.execute(invocation);
      this.#in(seconds, () => {
        // What an agent does not tell nobody knows.
        if (!this.#nodes.lives(invocation.instanceId)) return;
        invocation.exitStatus = exitStatus;
        invocation.output = output;
        const status = exitStatus === 0 ? "Success" : "Failed";
        this.#end(invocation, status, status);
      });
    });
    this.#in(EXECUTION_SECONDS, () => this.#end(invocation, "TimedOut", "ExecutionTimedOut"));
  }

  #end(invocation: Invocation, status: Invocation["status"], details: string): void {
    if (hasEnded(invocation)) return;
    invocation.endedAt = this.#context.clock.now();
    this.#change(invocation, status, details);
  }

  #change(invocation: Invocation, status: Invocation["status"], details: string): void {
    invocation.status = status;
    invocation.statusDetails = details;
    const { commandId, documentName, instanceId, requestedAt } = invocation;
    this.#context.announce({
      source: "aws.ssm",
      detailType: "EC2 Command Invocation Status-change Notification",
      resources: [arn(this.#context, "ec2", `instance/${instanceId}`)],
      detail: {
        "command-id": commandId,
        "document-name": documentName,
        "instance-id": instanceId,
        "requested-date-time": `${requestedAt.toISOString().slice(0, 19)}Z`,
        status,
      },
    });
  }

  #in(seconds: number, action: () => unknown): void {
    const { clock } = this.#context;
    clock.at(plusSeconds(clock.now(), seconds), action);
  }
}
