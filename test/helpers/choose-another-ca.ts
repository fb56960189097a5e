import { newAuthority } from "../../local/vault/certificate-authority.ts";
import type { CaRotating } from "./ca-rotating.ts";

const LIFE_SECONDS = 90 * 86_400;

/** Has an operator make a CA of their own the default. @returns its id. */
export async function chooseAnother({ clock, ca }: CaRotating): Promise<string> {
  const made = await newAuthority("theirs", { from: clock.now(), seconds: LIFE_SECONDS });
  ca.pki.issuers.addRoot(made);
  return ca.pki.issuers.defaultId ?? "";
}
