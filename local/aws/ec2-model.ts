import type { InstanceState } from "../../lambdas/domain/ports/compute.ts";
import { plusSeconds } from "../clock.ts";
import { AwsError } from "./aws-error.ts";
import { type AwsContext, arn } from "./context.ts";
import { Ec2Consoles } from "./ec2-console.ts";

export interface Ec2Instance {
  readonly id: string;
  readonly zone: string;
  readonly launchedAt: Date;
  readonly spot: boolean;
  /** Its console can be read as it is now. */
  readonly nitro: boolean;
  /** Both are empty once the instance has ended, as EC2 answers. */
  readonly privateIpAddress: string;
  readonly privateDnsName: string;
  readonly state: InstanceState;
}

/** How to start an instance; what is left out is made up. */
export interface Launch {
  readonly id?: string;
  readonly zone?: string;
  readonly privateDnsName?: string;
  /** @default false */
  readonly spot?: boolean;
  /** @default true */
  readonly nitro?: boolean;
  /** true: it runs already, as if started long ago. */
  readonly running?: boolean;
}

/** How long an instance takes between two states. */
export interface Ec2Timings {
  readonly pendingSeconds: number;
  readonly shuttingDownSeconds: number;
  readonly stoppingSeconds: number;
}

type StateListener = (instance: Ec2Instance, before: InstanceState | undefined) => void;

/** EC2 describes an ended instance for about an hour more. */
const REMEMBERED_SECONDS = 3_600;

/** EC2's instances and the way they come and go. */
export class Ec2Model {
  readonly consoles: Ec2Consoles;
  readonly #context: AwsContext;
  readonly #timings: Ec2Timings;
  readonly #instances = new Map<string, Ec2Instance>();
  readonly #listeners = new Set<StateListener>();

  constructor(context: AwsContext, timings: Partial<Ec2Timings> = {}) {
    this.#context = context;
    this.#timings = { pendingSeconds: 5, shuttingDownSeconds: 30, stoppingSeconds: 20, ...timings };
    this.consoles = new Ec2Consoles(context);
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
      spot: launch.spot ?? false,
      nitro: launch.nitro ?? true,
      privateIpAddress: address,
      privateDnsName:
        launch.privateDnsName ?? `ip-${address.replaceAll(".", "-")}.${region}.compute.internal`,
      state: launch.running ? "running" : "pending",
    });
    if (!launch.running) this.#comeUp(id);
    return this.get(id);
  }

  /** Stops a running instance; its disk stays. @throws {AwsError} if unknown or in another state. */
  stop(id: string): void {
    this.#expect(id, "running");
    this.#move(id, "running", { state: "stopping" });
    this.#after(this.#timings.stoppingSeconds, () =>
      this.#move(id, "stopping", { state: "stopped" }),
    );
  }

  /** Starts a stopped instance again. @throws {AwsError} if unknown or in another state. */
  start(id: string): void {
    this.#expect(id, "stopped");
    this.#move(id, "stopped", { state: "pending" });
    this.#comeUp(id);
  }

  /** Ends an instance; does nothing to one that ends already. @throws {AwsError} if unknown. */
  terminate(id: string): Ec2Instance {
    const { state } = this.get(id);
    if (state === "shutting-down" || state === "terminated") return this.get(id);
    this.#move(id, state, { state: "shutting-down" });
    this.#after(this.#timings.shuttingDownSeconds, () => {
      const gone = { state: "terminated", privateDnsName: "", privateIpAddress: "" } as const;
      this.#move(id, "shutting-down", gone);
      this.#after(REMEMBERED_SECONDS, () => {
        this.#instances.delete(id);
        this.consoles.forget(id);
      });
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

  #comeUp(id: string): void {
    this.#after(this.#timings.pendingSeconds, () =>
      this.#move(id, "pending", { state: "running" }),
    );
  }

  #expect(id: string, state: InstanceState): void {
    if (this.get(id).state === state) return;
    const text = `The instance '${id}' is not in a state from which it can be stopped or started.`;
    throw new AwsError("IncorrectInstanceState", text);
  }

  #after(seconds: number, action: () => void): void {
    const { clock } = this.#context;
    clock.at(plusSeconds(clock.now(), seconds), action);
  }

  #move(id: string, from: InstanceState, change: Partial<Ec2Instance>): void {
    const instance = this.#instances.get(id);
    if (instance?.state === from) this.#set(from, { ...instance, ...change });
  }

  #set(before: InstanceState | undefined, instance: Ec2Instance): void {
    this.#instances.set(instance.id, instance);
    this.consoles.changed(instance);
    this.#context.announce({
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      resources: [arn(this.#context, "ec2", `instance/${instance.id}`)],
      detail: { "instance-id": instance.id, state: instance.state },
    });
    for (const listener of this.#listeners) listener(instance, before);
  }
}
