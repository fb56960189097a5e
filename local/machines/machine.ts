import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import {
  IntroductionParameter,
  type IntroductionReport,
  introductionNames,
} from "../../lambdas/contracts/introduction.ts";
import type { Ec2Instance } from "../aws/ec2/instance.ts";
import { ConsulAgent } from "./consul-agent.ts";
import type { Failure, MachineImage } from "./image.ts";
import { NomadClient } from "./nomad-client.ts";
import { Program } from "./program.ts";
import { VaultLogin } from "./vault-login.ts";
import type { MachineWorld } from "./world.ts";

/** How often the user data looks for its introduction. */
const POLL_SECONDS = 5;
/** And for how long. */
const PATIENCE_SECONDS = 1_800;
/** And for how long for another one, at a later boot. */
const RETURN_SECONDS = 300;
/** From one agent's start to the next one's. */
const UNIT_SECONDS = 1;

/**
 * What runs on an instance: it boots, waits for its introduction, proves to Vault who it is, and
 * starts its Consul agent and its Nomad client, as examples/user-data.sh does at each boot.
 */
export class Machine {
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
  /** The parameter that came of, there too: what it has used once it uses no second time. */
  #used: string | undefined;

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
    const patienceSeconds = this.#introduction ? RETURN_SECONDS : PATIENCE_SECONDS;
    this.#program.in(0, () => this.#lookForIntroduction(patienceSeconds));
  }

  async #lookForIntroduction(patienceSeconds: number): Promise<void> {
    const path = this.#image.introductionPath || "/drover/nodes";
    const names = introductionNames(path, NodeId.parse(this.instance.id));
    // In a warm pool it waits for its turn, however long that takes.
    const isItsTurn = this.#world.isToServe();
    const text = isItsTurn ? await this.#world.parameters.read(names.introduction) : undefined;
    if (text !== undefined && text !== this.#used) {
      this.#introduce(text, names.report);
      return;
    }
    // Out of the pool it comes with another one.
    const left = isItsTurn ? patienceSeconds - POLL_SECONDS : PATIENCE_SECONDS;
    const why = this.#used ? "it has been introduced already" : "there is no introduction";
    if (left <= 0) this.#write(`drover: ${why}`);
    else this.#program.in(POLL_SECONDS, () => this.#lookForIntroduction(left));
  }

  #introduce(text: string, reportName: string): void {
    const { vault, parameters } = this.#world;
    const introduction = IntroductionParameter.parse(JSON.parse(text));
    this.#write(`drover: introduced as ${introduction.nodeName}`);
    const then = () => {
      this.#introduction = introduction;
      this.#used = text;
      this.#startAgents(introduction);
    };
    const given = introduction.vault;
    if (!given) {
      then();
      return;
    }
    const report = (report: IntroductionReport) =>
      parameters.overwrite(reportName, JSON.stringify(report));
    const write = (line: string) => this.#write(line);
    const login = new VaultLogin({ vault, program: this.#program, given, report, write, then });
    if (this.#failure?.kind !== "introduction-intercepted") {
      login.start();
      return;
    }
    this.#program.in(0, async () => {
      await vault.unwrapSecretId(given.wrappedSecretId);
      login.start();
    });
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
