import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import type { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import type { Ec2Instance } from "../aws/ec2/instance.ts";
import { ConsulAgent } from "./consul-agent.ts";
import type { Failure, MachineImage } from "./image.ts";
import { NomadClient } from "./nomad-client.ts";
import { Program } from "./program.ts";
import { type AgentName, type MachineAgents, Units } from "./units.ts";
import { UserData } from "./user-data.ts";
import type { MachineWorld } from "./world.ts";

/** From one agent's start to the next one's. */
const UNIT_SECONDS = 1;

/**
 * What runs on an instance: it boots, waits for its introduction, proves to Vault who it is, and
 * starts its Consul agent and its Nomad client, as examples/user-data.sh does at each boot.
 */
export class Machine implements MachineAgents {
  readonly units: Units;
  readonly instance: Ec2Instance;
  readonly consul: ConsulAgent;
  readonly nomad: NomadClient;
  readonly #group: string;
  readonly #image: MachineImage;
  readonly #failure: Failure | undefined;
  readonly #world: MachineWorld;
  readonly #program: Program;
  /** On the disk, so that it is there after a stop, too. */
  #introduction: IntroductionParameter | undefined;
  readonly #userData: UserData;

  constructor(
    instance: Ec2Instance,
    group: string,
    image: MachineImage,
    failure: Failure | undefined,
    world: MachineWorld,
  ) {
    this.instance = instance;
    this.#group = group;
    this.#image = image;
    this.#failure = failure;
    this.#world = world;
    const write = (line: string) => this.#write(line);
    this.#program = new Program(world.clock, write);
    const machine = { write, in: this.#program.in.bind(this.#program) };
    this.consul = new ConsulAgent(world.consul, image, failure, machine);
    this.nomad = new NomadClient(world.nomad, image, failure, write);
    this.#userData = new UserData({
      instanceId: instance.id,
      path: image.introductionPath || "/drover/nodes",
      isIntercepted: failure?.kind === "introduction-intercepted",
      program: this.#program,
      world,
      write,
      introduced: (introduction) => {
        this.#introduction = introduction;
        this.#startAgents(introduction);
      },
    });
    this.units = new Units({
      nomad: { isActive: () => this.nomad.runs, restart: () => this.nomad.restart() },
      consul: { isActive: () => this.consul.runs, restart: () => this.consul.restart() },
    });
  }

  /** EC2 has started it, for the first time or again. */
  powerOn(): void {
    this.#program.powerOn();
    this.#write("kernel: Booting Linux");
    if (this.#failure?.kind === "never-boots") {
      this.#write("kernel: Kernel panic - not syncing: VFS: Unable to mount root fs");
      return;
    }
    this.#program.in(this.#image.bootSeconds ?? 15, () => this.#boot());
  }

  /** EC2 ends it, or it hangs: nothing on it says another word. */
  async powerOff(): Promise<void> {
    this.#program.powerOff();
    this.nomad.stop();
    try {
      await this.consul.stop();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#write(`consul: ${error.message}`);
    }
  }

  /** It goes down while EC2 calls its instance running. */
  async goDown(): Promise<void> {
    this.#world.stopSsmAgent();
    await this.powerOff();
  }

  /** And it boots again, perhaps from a disk on which there is nothing of what it was given. */
  comeUp(disk: "kept" | "new"): void {
    if (disk === "new") {
      this.#introduction = undefined;
      this.#userData.forget();
      this.nomad.forget();
      this.consul.forget();
    }
    this.powerOn();
  }

  /** An agent dies without a word. */
  async kill(agent: AgentName): Promise<void> {
    if (agent === "ssm") this.#world.stopSsmAgent();
    else if (agent === "consul") await this.consul.stop();
    else this.nomad.stop();
  }

  /**
   * It has been up since long ago, with what it was given then.
   * @param consulToken fetches the one it has.
   */
  hasBeenUp(introduction: IntroductionParameter, consulToken: () => Promise<string>): void {
    this.#program.powerOn();
    this.#introduction = introduction;
    this.#world.startSsmAgent();
    this.nomad.startedLongAgo(this.instance, introduction);
    if (this.#image.consul === false) return;
    this.#program.in(0, async () => {
      this.#introduction = { ...introduction, consulToken: await consulToken() };
      await this.#startConsul();
    });
  }

  #boot(): void {
    this.#world.startSsmAgent();
    this.#write("amazon-ssm-agent: started");
    if (this.#failure?.kind === "crashes") {
      this.#program.in(this.#failure.afterSeconds, () => this.#hang());
    }
    if (this.#image.introductionPath === false) {
      this.#introduction ??= { nodeName: this.instance.id };
    }
    if (this.#introduction) this.#startAgents(this.#introduction);
    if (this.#image.introductionPath === false) return;
    this.#userData.start(this.#introduction !== undefined);
  }

  /** Or starts them anew, those that run with what has changed. */
  #startAgents(introduction: IntroductionParameter): void {
    this.#program.in(UNIT_SECONDS, () => this.#startConsul());
    this.#program.in(2 * UNIT_SECONDS, () => this.nomad.start(this.instance, introduction));
  }

  // With what there is by then: a try that failed must not bring an older token back.
  async #startConsul(): Promise<void> {
    if (!this.#introduction) return;
    const { nodeName: name, consulToken: token } = this.#introduction;
    const { id, zone, privateIpAddress: address } = this.instance;
    const meta = { instance_id: id, ...(this.#image.consulMeta ?? { zone, group: this.#group }) };
    await this.consul.start({ name, address, meta, token });
  }

  async #hang(): Promise<void> {
    this.#write("watchdog: BUG: soft lockup - CPU#0 stuck for 23s!");
    await this.powerOff();
    this.#world.stopSsmAgent();
  }

  #write(line: string): void {
    this.#world.console(`${this.#world.clock.now().toISOString()} ${line}\n`);
  }
}
