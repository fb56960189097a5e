import type {
  IntroductionParameter,
  IntroductionReport,
} from "../../lambdas/contracts/introduction.ts";
import type { MachineVault } from "./world.ts";

/** What the user data has in its memory between two tries. */
export interface Held {
  secretId?: string;
  report?: IntroductionReport;
}

/**
 * Turns the wrapped secret id into a token of Vault's, as the user data does: is it the one that was
 * made for this? is it still there? does it log in?
 * @returns what the machine has to report.
 */
export async function logInToVault(
  vault: MachineVault,
  given: NonNullable<IntroductionParameter["vault"]>,
  held: Held,
): Promise<IntroductionReport> {
  held.report ??= await tryTo(vault, given, held);
  return held.report;
}

async function tryTo(
  vault: MachineVault,
  given: NonNullable<IntroductionParameter["vault"]>,
  held: Held,
): Promise<IntroductionReport> {
  const { wrappedSecretId, creationPath, mount, roleId } = given;
  if (held.secretId === undefined) {
    const madeBy = await vault.creationPath(wrappedSecretId);
    if (madeBy === undefined) return { intercepted: "the wrapped secret id is no longer there" };
    if (madeBy !== creationPath) {
      return { intercepted: `the wrapping was made by ${madeBy}, not by ${creationPath}` };
    }
    held.secretId = await vault.unwrapSecretId(wrappedSecretId);
  }
  if (held.secretId === undefined) return { intercepted: "somebody else unwrapped the secret id" };
  const accessor = await vault.logIn(mount, roleId, held.secretId);
  if (accessor === undefined) return { intercepted: "Vault does not take the secret id" };
  return { vaultTokenAccessor: accessor };
}
