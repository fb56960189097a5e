import type { Failure, MachineImage } from "./image.ts";
import type { MachineAgent, MachineConsul } from "./world.ts";

/** The Consul agent of a machine. What it was started with stays on the disk. */
export class ConsulAgent {
  readonly #consul: MachineConsul;
  readonly #image: MachineImage;
  readonly #failure: Failure | undefined;
  readonly #write: (line: string) => void;
  readonly #in: (seconds: number, act: () => Promise<void>) => void;
  #runs = false;
  #token: string | undefined;
  #startedWith: MachineAgent | undefined;
  /** Its data directory is empty: it makes itself an id. */
  #isNew = false;
  /** The name of its node. */
  name: string | undefined;

  constructor(
    consul: MachineConsul,
    image: MachineImage,
    failure: Failure | undefined,
    machine: {
      readonly write: (line: string) => void;
      readonly in: (seconds: number, act: () => Promise<void>) => void;
    },
  ) {
    this.#consul = consul;
    this.#image = image;
    this.#failure = failure;
    this.#write = machine.write;
    this.#in = machine.in;
  }

  get runs(): boolean {
    return this.#runs;
  }

  async start(agent: MachineAgent): Promise<void> {
    if (this.#image.consul === false) return;
    this.#startedWith = agent;
    if (this.#failure?.kind === "no-consul") {
      this.#write("systemd: consul.service: Main process exited, code=exited, status=1/FAILURE");
      return;
    }
    const isAsBefore = !this.#isNew && this.name === agent.name && this.#token === agent.token;
    if (this.#runs && isAsBefore) return;
    if (isAsBefore) await this.#consul.resume(agent.name);
    else await this.#consul.start(agent, { newId: this.#isNew });
    this.#isNew = false;
    this.name = agent.name;
    this.#token = agent.token;
    this.#runs = true;
    this.#write("consul: agent started");
    if (this.#failure?.kind === "consul-critical") await this.#fillDisk(agent.name, this.#failure);
  }

  async stop(): Promise<void> {
    if (this.#runs && this.name) await this.#consul.stop(this.name);
    this.#runs = false;
  }

  /** systemd starts it anew, as it was; one that was never set up has nothing to start with. */
  async restart(): Promise<void> {
    await this.stop();
    if (this.#startedWith) await this.start(this.#startedWith);
  }

  /** There is nothing of it on the disk. */
  forget(): void {
    this.#isNew = true;
    this.#startedWith = undefined;
  }

  async #fillDisk(name: string, failure: { recoversAfterSeconds?: number }): Promise<void> {
    const full = { id: "disk", status: "critical", output: "97 % of / is used" } as const;
    await this.#consul.setCheck(name, full);
    if (failure.recoversAfterSeconds === undefined) return;
    const fine = { id: "disk", status: "passing", output: "41 % of / is used" } as const;
    this.#in(failure.recoversAfterSeconds, () => this.#consul.setCheck(name, fine));
  }
}
