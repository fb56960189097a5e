import type { Pass } from "../../pass.ts";
import { PortError } from "../../ports/errors.ts";
import { countFailure } from "../../run-flow.ts";
import type { Reading, Signs } from "../signs.ts";

/** Reads one source; the others are read in any case. */
export async function readSource<Part extends Partial<Signs>>(
  pass: Pass,
  read: (pass: Pass) => Promise<Reading<Part>>,
  unknown: Part,
): Promise<Reading<Part>> {
  try {
    return await read(pass);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    countFailure(error, pass);
    return { signs: unknown, said: `can't be read: ${error.message}` };
  }
}
