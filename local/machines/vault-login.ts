import type {
  IntroductionParameter,
  IntroductionReport,
} from "../../lambdas/contracts/introduction.ts";
import type { Program } from "./program.ts";
import type { MachineVault } from "./world.ts";

/** How often each call is tried while nobody answers: half an hour, as in examples/user-data.sh. */
const TRIES = 360;

export interface VaultLoginOptions {
  readonly vault: MachineVault;
  readonly program: Program;
  readonly given: NonNullable<IntroductionParameter["vault"]>;
  readonly report: (report: IntroductionReport) => Promise<void>;
  readonly write: (line: string) => void;
  /** What comes after it. */
  readonly then: () => void;
}

/**
 * Turns the wrapped secret id into a token of Vault's: is it the one that was made for this? is it
 * still there? does it log in? Each question is a step of its own, so that none is asked twice.
 */
export class VaultLogin {
  readonly #options: VaultLoginOptions;

  constructor(options: VaultLoginOptions) {
    this.#options = options;
  }

  start(): void {
    this.#next(() => this.#lookUp());
  }

  async #lookUp(): Promise<void> {
    const { vault, given } = this.#options;
    const madeBy = await vault.creationPath(given.wrappedSecretId);
    if (madeBy === given.creationPath) this.#next(() => this.#unwrap());
    else if (madeBy === undefined) this.#intercepted("Vault knows no such wrapping");
    else this.#intercepted(`the wrapping was made by ${madeBy}, not by ${given.creationPath}`);
  }

  async #unwrap(): Promise<void> {
    const { vault, given } = this.#options;
    const secretId = await vault.unwrapSecretId(given.wrappedSecretId);
    if (secretId === undefined) this.#intercepted("the wrapping was empty");
    else this.#next(() => this.#logIn(secretId));
  }

  async #logIn(secretId: string): Promise<void> {
    const { vault, given, report, write, then } = this.#options;
    const vaultTokenAccessor = await vault.logIn(given.mount, given.roleId, secretId);
    if (vaultTokenAccessor === undefined) {
      write("drover: Vault refuses the login");
      return;
    }
    write("drover: logged in to Vault");
    this.#next(async () => {
      await report({ vaultTokenAccessor });
      then();
    });
  }

  #intercepted(why: string): void {
    const { report, write } = this.#options;
    write(`drover: the secret id may be somebody else's: ${why}`);
    this.#next(() => report({ intercepted: why }));
  }

  #next(act: () => Promise<void>): void {
    this.#options.program.in(0, act, TRIES);
  }
}
