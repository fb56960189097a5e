import type { InstanceState } from "../../../lambdas/domain/ports/compute.ts";
import { plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import { type AwsContext, arn } from "../context.ts";
import { Ec2Consoles } from "./console.ts";
import type { Ec2Instance, Ec2Timings, Launch, Reboot } from "./instance.ts";

type StateListener = (instance: Ec2Instance, before: InstanceState | undefined) => void;
type RebootListener = (instance: Ec2Instance, reboot: Reboot) => void;

/** EC2 describes an ended instance for about an hour more. */
const REMEMBERED_SECONDS = 3_600;

/** EC2's instances and the way they come and go. */
export class Instances {
  readonly consoles: Ec2Consoles;
  protected readonly context: AwsContext;
  protected readonly timings: Ec2Timings;
  readonly #instances = new Map<string, Ec2Instance>();
  readonly #stateListeners = new Set<StateListener>();
  readonly #rebootListeners = new Set<RebootListener>();

  constructor(context: AwsContext, timings: Ec2Timings) {
    this.context = context;
    this.timings = timings;
    this.consoles = new Ec2Consoles(context);
  }

  /** Starts an instance. */
  run(launch: Launch = {}): Ec2Instance {
    const { clock, ids, region } = this.context;
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
      rootDevice: launch.rootDevice ?? "ebs",
      tags: launch.tags ?? {},
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
    this.after(this.timings.stoppingSeconds, () =>
      this.#move(id, "stopping", { state: "stopped" }),
    );
  }

  /** Starts a stopped instance again. @throws {AwsError} if unknown or in another state. */
  start(id: string): void {
    this.#expect(id, "stopped");
    this.#move(id, "stopped", { state: "pending" });
    this.#comeUp(id);
  }

  /** Boots a running instance anew. @throws {AwsError} if unknown or in another state. */
  reboot(id: string): void {
    this.#expect(id, "running");
    this.#downAndUp(id, "kept", this.timings.rebootSeconds, () => {});
  }

  /**
   * Puts another root volume into a running instance, which boots from it.
   * @param then is called when it does, unless it ends before.
   * @throws {AwsError} if unknown or in another state.
   */
  replaceRootVolume(id: string, then: () => void = () => {}): void {
    this.#expect(id, "running");
    this.#downAndUp(id, "new", this.timings.rootVolumeSeconds, then);
  }

  /** Ends an instance; does nothing to one that ends already. @throws {AwsError} if unknown. */
  terminate(id: string): Ec2Instance {
    const { state } = this.get(id);
    if (state === "shutting-down" || state === "terminated") return this.get(id);
    this.#move(id, state, { state: "shutting-down" });
    this.after(this.timings.shuttingDownSeconds, () => {
      const gone = { state: "terminated", privateDnsName: "", privateIpAddress: "" } as const;
      this.#move(id, "shutting-down", gone);
      this.after(REMEMBERED_SECONDS, () => {
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
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Calls the listener when a machine goes down, and when it comes up again. */
  onReboot(listener: RebootListener): () => void {
    this.#rebootListeners.add(listener);
    return () => this.#rebootListeners.delete(listener);
  }

  protected after(seconds: number, action: () => void): void {
    const { clock } = this.context;
    clock.at(plusSeconds(clock.now(), seconds), action);
  }

  #downAndUp(id: string, disk: Reboot["disk"], seconds: number, then: () => void): void {
    const tell = (phase: Reboot["phase"]) => {
      for (const listener of this.#rebootListeners) listener(this.get(id), { phase, disk });
    };
    tell("down");
    this.after(seconds, () => {
      if (this.find(id)?.state !== "running") return;
      tell("up");
      then();
    });
  }

  #comeUp(id: string): void {
    this.after(this.timings.pendingSeconds, () => this.#move(id, "pending", { state: "running" }));
  }

  #expect(id: string, state: InstanceState): void {
    if (this.get(id).state === state) return;
    const text = `The instance '${id}' is not in a state from which it can be stopped or started.`;
    throw new AwsError("IncorrectInstanceState", text);
  }

  #move(id: string, from: InstanceState, change: Partial<Ec2Instance>): void {
    const instance = this.#instances.get(id);
    if (instance?.state === from) this.#set(from, { ...instance, ...change });
  }

  #set(before: InstanceState | undefined, instance: Ec2Instance): void {
    this.#instances.set(instance.id, instance);
    this.consoles.changed(instance);
    this.context.announce({
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      resources: [arn(this.context, "ec2", `instance/${instance.id}`)],
      detail: { "instance-id": instance.id, state: instance.state },
    });
    for (const listener of this.#stateListeners) listener(instance, before);
  }
}
