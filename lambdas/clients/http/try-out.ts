import { PortError } from "../../domain/ports/errors.ts";
import type { Trial } from "../../domain/rotate/kind.ts";

/**
 * Tries something with a new credential. What its server refuses is its fault; that the server can't be asked
 * is not.
 * @param act what is tried. @returns what is wrong, if anything is.
 * @throws {PortError} `unavailable` or `throttled`: nothing is shown yet.
 */
export async function tryOut(act: () => Promise<string | undefined>): Promise<Trial> {
  try {
    const why = await act();
    return why === undefined ? { works: true } : { works: false, why };
  } catch (error) {
    const isRefused =
      error instanceof PortError && (error.kind === "denied" || error.kind === "invalid");
    if (isRefused) return { works: false, why: error.message };
    throw error;
  }
}
