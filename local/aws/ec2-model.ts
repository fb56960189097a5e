import type { InstanceState } from "../../lambdas/domain/ports/compute.ts";
import { plusSeconds } from "../clock.ts";
import { AwsError } from "./aws-error.ts";
import { type AwsContext, arn } from "./context.ts";

export interface Ec2Instance {
  readonly id: string;
  readonly zone: string;
  readonly launchedAt: Date;
  readonly privateIpAddress: string;
  readonly state: InstanceState;
  /** Empty once the instance has ended, as EC2 answers. */
  readonly privateDnsName: string;
}

/** How to start an instance; what is left out is made up. */
export interface Launch {
  readonly id?: string;
  readonly zone?: string;
  readonly privateDnsName?: string;
  /** true: it runs already, as if started long ago. */
  readonly running?: boolean;
}

/** How long an instance takes between two states. */
export interface Ec2Timings {
  readonly pendingSeconds: number;
  readonly shuttingDownSeconds: number;
}

type StateListener = (instance: Ec2Instance, before: InstanceState | undefined) => void;

/** EC2 describes an ended instance for about an hour more. */
const REMEMBERED_SECONDS = 3_600;

/** EC2's instances and the way they come and go. */
export class Ec2Model {
  readonly #context: AwsContext;
  readonly #timings: Ec2Timings;
  readonly #instances = new Map<string, Ec2Instance>();
  readonly #listeners = new Set<StateListener>();

  constructor(context: AwsContext, timings: Partial<Ec2Timings> = {}) {
    this.#context = context;
    this.#timings = { pendingSeconds: 5, shuttingDownSeconds: 30, ...timings };
  }

  /** Starts an instance. */
  run(launch: Launch = {}): Ec2Instance {
    const { clock, ids, region } = this.#context;
    const id = launch.id ?? ids.instanceId();
    if (this.#instances.has(id)) throw new Error(`there is an instance ${id} already`);
    const number = ids.next();
    const address = `10.0.${(number >> 8) & 255}.${number & 255}`;
    this.#set(undefined, {
      id,
      zone: launch.zone ?? `${region}a`,
      launchedAt: clock.now(),
      privateIpAddress: address,
      privateDnsName:
        launch.privateDnsName ?? `ip-${address.replaceAll(".", "-")}.${region}.compute.internal`,
      state: launch.running ? "running" : "pending",
    });
    if (!launch.running) {
      const up = plusSeconds(clock.now(), this.#timings.pendingSeconds);
      clock.at(up, () => this.#move(id, "pending", { state: "running" }));
    }
    return this.get(id);
  }

  /** Ends an instance; does nothing to one that ends already. @throws {AwsError} if unknown. */
  terminate(id: string): Ec2Instance {
    const { state } = this.get(id);
    if (state === "shutting-down" || state === "terminated") return this.get(id);
    this.#move(id, state, { state: "shutting-down" });
    const { clock } = this.#context;
    const end = plusSeconds(clock.now(), this.#timings.shuttingDownSeconds);
    clock.at(end, () => {
      this.#move(id, "shutting-down", { state: "terminated", privateDnsName: "" });
      clock.at(plusSeconds(clock.now(), REMEMBERED_SECONDS), () => this.#instances.delete(id));
    });
    return this.get(id);
  }

  find(id: string): Ec2Instance | undefined {
    return this.#instances.get(id);
  }

  /** @throws {AwsError} InvalidInstanceID.NotFound. */
  get(id: string): Ec2Instance {
    const instance = this.find(id);
    if (instance) return instance;
    throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
  }

  list(): Ec2Instance[] {
    return [...this.#instances.values()];
  }

  /** Calls the listener after each change of state. @returns a call that ends this. */
  onStateChange(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #move(id: string, from: InstanceState, change: Partial<Ec2Instance>): void {
    const instance = this.#instances.get(id);
    if (instance?.state === from) this.#set(from, { ...instance, ...change });
  }

  #set(before: InstanceState | undefined, instance: Ec2Instance): void {
    this.#instances.set(instance.id, instance);
    this.#context.announce({
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      resources: [arn(this.#context, "ec2", `instance/${instance.id}`)],
      detail: { "instance-id": instance.id, state: instance.state },
    });
    for (const listener of this.#listeners) listener(instance, before);
  }
}
