import type { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import type { AwsModel } from "../aws/aws-model.ts";
import type { Ec2Instance } from "../aws/ec2/instance.ts";
import { plusSeconds } from "../clock.ts";
import { failureOf, type MachineImage } from "./image.ts";
import { Machine } from "./machine.ts";
import { modelParameters } from "./model-world.ts";
import type { MachineConsul, MachineNomad, MachineParameters, MachineVault } from "./world.ts";

/** The servers that the machines' agents talk to. */
export interface MachineServers {
  readonly consul: MachineConsul;
  readonly vault: MachineVault;
  /** Undefined where Nomad's clients are somebody else's: a real cluster's. */
  readonly nomad: MachineNomad | undefined;
  /** Parameter Store as an instance's role may use it. @default the model's */
  readonly parameters?: (instanceId: string) => MachineParameters;
}

/** The machines of the groups that have an image: they go on and off with their instances. */
export class Machines {
  readonly #aws: AwsModel;
  readonly #servers: MachineServers;
  readonly #images = new Map<string, MachineImage>();
  readonly #machines = new Map<string, Machine>();
  readonly #counts = new Map<string, number>();

  constructor(aws: AwsModel, servers: MachineServers) {
    this.#aws = aws;
    this.#servers = servers;
    aws.ec2.onStateChange((instance) => this.#changed(instance));
    aws.ec2.onReboot(({ id }, { phase, disk }) => {
      const machine = this.#machines.get(id);
      if (phase === "down") void machine?.goDown();
      else void machine?.comeUp(disk);
    });
  }

  /** What the group's launches boot from, from now on. */
  setImage(group: string, image: MachineImage): void {
    this.#images.set(group, image);
  }

  /** The machine of an instance; undefined before EC2 has started it, or without an image. */
  find(instanceId: string): Machine | undefined {
    return this.#machines.get(instanceId);
  }

  /** Makes the machine of an instance that runs since long ago. */
  runningSince(
    instanceId: string,
    introduction: IntroductionParameter,
    consulToken: () => Promise<string>,
  ): void {
    const machine = this.#machineOf(this.#aws.ec2.get(instanceId));
    machine?.hasBeenUp(introduction, consulToken);
  }

  /**
   * A network split heals, or opens: to Consul the agent of an instance that is gone seems alive, for
   * a while.
   */
  async resurface(instanceId: string, seconds: number): Promise<void> {
    const name = this.find(instanceId)?.consul.name;
    if (!name) throw new Error(`no Consul agent ever ran on ${instanceId}`);
    const { clock } = this.#aws;
    await this.#servers.consul.resume(name);
    clock.at(plusSeconds(clock.now(), seconds), () => this.#servers.consul.stop(name));
  }

  // Those that run at once were launched long ago: whoever made them says what is on them.
  #changed(instance: Ec2Instance): void {
    const { id, state } = instance;
    if (state === "pending") this.#machineOf(instance);
    if (state === "running") this.#machines.get(id)?.powerOn();
    if (state === "stopping" || state === "shutting-down") void this.#machines.get(id)?.powerOff();
  }

  #machineOf(instance: Ec2Instance): Machine | undefined {
    const { id } = instance;
    const group = this.#aws.autoScaling.findMember(id)?.group ?? "";
    const image = this.#images.get(group);
    const before = this.#machines.get(id);
    if (before || !image) return before;
    const number = (this.#counts.get(group) ?? 0) + 1;
    this.#counts.set(group, number);
    const aws = this.#aws;
    const machine = new Machine(instance, group, image, failureOf(image, number, id), {
      ...this.#servers,
      clock: aws.clock,
      parameters: this.#servers.parameters?.(id) ?? modelParameters(aws, id),
      isToServe: () =>
        /^(Pending|InService)/.test(aws.autoScaling.findMember(id)?.lifecycleState ?? ""),
      console: (text) => aws.ec2.consoles.append(id, text),
      startSsmAgent: () =>
        aws.managedNodes.startAgent(id, { ipAddress: instance.privateIpAddress }),
      stopSsmAgent: () => aws.managedNodes.stopAgent(id),
    });
    this.#machines.set(id, machine);
    return machine;
  }
}
