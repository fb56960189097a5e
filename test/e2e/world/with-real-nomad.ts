import { describe } from "vitest";

/**
 * Tests that need a real Nomad. Without one they do not run, which the title and a line say; nobody is to take
 * them for passed.
 * @param body gets the path of the binary.
 */
export function withRealNomad(title: string, body: (bin: string) => void): void {
  const { NOMAD_BIN = "" } = process.env;
  if (NOMAD_BIN) {
    describe(title, () => body(NOMAD_BIN));
    return;
  }
  const notRun = `NOT RUN, for want of a Nomad (set NOMAD_BIN to its path): ${title}`;
  console.warn(notRun);
  describe.skip(notRun, () => body(NOMAD_BIN));
}
