import { NodeId } from "../../lambdas/contracts/ids.ts";
import {
  IntroductionParameter,
  type IntroductionReport,
  introductionNames,
} from "../../lambdas/contracts/introduction.ts";
import type { Program } from "./program.ts";
import { VaultLogin } from "./vault-login.ts";
import type { MachineWorld } from "./world.ts";

/** How often the user data looks for its introduction. */
const POLL_SECONDS = 5;
/** And for how long. */
const PATIENCE_SECONDS = 1_800;
/** And for how long for another one, at a later boot. */
const RETURN_SECONDS = 300;

export interface UserDataOptions {
  readonly instanceId: string;
  /** What the parameters' names begin with. */
  readonly path: string;
  /** Somebody else unwraps the secret id first. */
  readonly isIntercepted: boolean;
  readonly program: Program;
  readonly world: Pick<MachineWorld, "vault" | "parameters" | "isToServe">;
  readonly write: (line: string) => void;
  /** What comes after it. */
  readonly introduced: (introduction: IntroductionParameter) => void;
}

/** Waits for the introduction at each boot, and proves to Vault who the machine is. */
export class UserData {
  readonly #options: UserDataOptions;
  /** On the disk: the parameter that was used once is used no second time. */
  #used: string | undefined;

  constructor(options: UserDataOptions) {
    this.#options = options;
  }

  /** @param isKnown the machine has been introduced at an earlier boot. */
  start(isKnown: boolean): void {
    const patienceSeconds = isKnown ? RETURN_SECONDS : PATIENCE_SECONDS;
    this.#options.program.in(0, () => this.#look(patienceSeconds));
  }

  /** There is nothing of it on the disk. */
  forget(): void {
    this.#used = undefined;
  }

  async #look(patienceSeconds: number): Promise<void> {
    const { instanceId, path, world, program, write } = this.#options;
    const names = introductionNames(path, NodeId.parse(instanceId));
    // In a warm pool it waits for its turn, however long that takes.
    const isItsTurn = world.isToServe();
    const text = isItsTurn ? await world.parameters.read(names.introduction) : undefined;
    if (text !== undefined && text !== this.#used) {
      this.#introduce(text, names.report);
      return;
    }
    // Out of the pool it comes with another one.
    const left = isItsTurn ? patienceSeconds - POLL_SECONDS : PATIENCE_SECONDS;
    const why = this.#used ? "it has been introduced already" : "there is no introduction";
    if (left <= 0) write(`drover: ${why}`);
    else program.in(POLL_SECONDS, () => this.#look(left));
  }

  #introduce(text: string, reportName: string): void {
    const { world, program, write, introduced, isIntercepted } = this.#options;
    const { vault, parameters } = world;
    const introduction = IntroductionParameter.parse(JSON.parse(text));
    write(`drover: introduced as ${introduction.nodeName}`);
    const then = () => {
      this.#used = text;
      introduced(introduction);
    };
    const given = introduction.vault;
    if (!given) {
      then();
      return;
    }
    const report = (report: IntroductionReport) =>
      parameters.overwrite(reportName, JSON.stringify(report));
    const login = new VaultLogin({ vault, program, given, report, write, then });
    if (!isIntercepted) {
      login.start();
      return;
    }
    program.in(0, async () => {
      await vault.unwrapSecretId(given.wrappedSecretId);
      login.start();
    });
  }
}
