import type { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import type { Ec2Instance } from "../aws/ec2/instance.ts";
import type { NodeInput } from "../nomad/node.ts";
import type { Failure, MachineImage } from "./image.ts";
import type { MachineNomad } from "./world.ts";

/** The Nomad client of a machine. Its node's id stays on the disk. */
export class NomadClient {
  readonly #nomad: MachineNomad | undefined;
  readonly #image: MachineImage;
  readonly #failure: Failure | undefined;
  readonly #write: (line: string) => void;
  #runs = false;
  #introductionToken: string | undefined;
  #startedWith: { instance: Ec2Instance; introduction: IntroductionParameter } | undefined;
  nodeId: string | undefined;

  constructor(
    nomad: MachineNomad | undefined,
    image: MachineImage,
    failure: Failure | undefined,
    write: (line: string) => void,
  ) {
    this.#nomad = nomad;
    this.#image = image;
    this.#failure = failure;
    this.#write = write;
  }

  get runs(): boolean {
    return this.#runs;
  }

  start(instance: Ec2Instance, introduction: IntroductionParameter): void {
    if (!this.#nomad) return;
    this.#startedWith = { instance, introduction };
    if (this.#failure?.kind === "no-nomad") {
      this.#write("systemd: nomad.service: Main process exited, code=exited, status=1/FAILURE");
      return;
    }
    const { nomadIntroductionToken } = introduction;
    if (this.#runs && this.#introductionToken === nomadIntroductionToken) return;
    this.stop();
    this.#introductionToken = nomadIntroductionToken;
    this.#runs = true;
    this.#write("nomad: agent started");
    if (this.nodeId) this.#nomad.resume(this.nodeId);
    else {
      const input = this.#input(instance, introduction);
      this.nodeId = this.#nomad.start(input, (line) => this.#write(`nomad: ${line}`));
    }
  }

  startedLongAgo(instance: Ec2Instance, introduction: IntroductionParameter): void {
    if (!this.#nomad) return;
    this.#startedWith = { instance, introduction };
    this.#runs = true;
    this.#introductionToken = introduction.nomadIntroductionToken;
    const input = { ...this.#input(instance, introduction), defaultIneligible: false };
    this.nodeId = this.#nomad.startedLongAgo(input);
  }

  stop(): void {
    if (this.#runs && this.nodeId) this.#nomad?.stop(this.nodeId);
    this.#runs = false;
  }

  /** systemd starts it anew, as it was; one that was never set up has nothing to start with. */
  restart(): void {
    this.stop();
    if (this.#startedWith) this.start(this.#startedWith.instance, this.#startedWith.introduction);
  }

  /** There is nothing of it on the disk. */
  forget(): void {
    this.nodeId = undefined;
    this.#startedWith = undefined;
  }

  #input({ id, zone }: Ec2Instance, given: IntroductionParameter): NodeInput {
    const { datacenter, defaultIneligible = true, readyAfterSeconds = 2 } = this.#image;
    const { nomadIntroductionToken: introductionToken } = given;
    return {
      instanceId: id,
      name: given.nodeName,
      attributes: { "platform.aws.placement.availability-zone": zone },
      meta: { instance_id: id },
      defaultIneligible,
      readyAfterSeconds,
      ...(datacenter && { datacenter }),
      ...(introductionToken && { introductionToken }),
      ...this.#poolAndVersion(),
    };
  }

  #poolAndVersion(): { nodePool: string; version?: string } {
    const { nodePool = "default", nomadVersion: version } = this.#image;
    const failure = this.#failure;
    if (failure?.kind === "wrong-pool") return { nodePool: failure.nodePool ?? "elsewhere" };
    if (failure?.kind === "wrong-version") return { nodePool, version: failure.version ?? "1.8.4" };
    return { nodePool, ...(version && { version }) };
  }
}
