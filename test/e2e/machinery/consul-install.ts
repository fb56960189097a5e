import { access, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianSourceLines } from "./apt-sources.ts";
import { CommandFailed, type Processes } from "./processes.ts";

/** The last release of Debian that has Consul: 1.8.7. */
const RELEASE = "bullseye";
const INSTEAD = "or set CONSUL_BIN to a `consul` to use instead";
const NEEDS_APT =
  "the end-to-end test runs the Consul of Debian, which takes a Debian with apt-get and dpkg-deb, and " +
  `Debian's main archive among apt's sources (/etc/apt/sources.list or sources.list.d): ${INSTEAD}`;
const NEEDS_ARCHIVE =
  `Debian's package of Consul can't be had: see above what apt-get says. It has to reach Debian's ` +
  `archive, as apt's own sources and proxies say, and ${RELEASE} has to be in it; ${INSTEAD}`;
const NEEDS_TO_RUN = `Debian's Consul does not run on this machine: see above; ${INSTEAD}`;

/**
 * Unpacks Consul from Debian's package, unless it is there already. Nothing is installed on the
 * machine: apt works in the folder alone, which takes no privileges.
 * @param folder for it; whatever else it holds is removed.
 * @returns the path of the binary.
 * @throws {CommandFailed} saying what is missing on this machine.
 */
export async function installConsul(processes: Processes, folder: string): Promise<string> {
  const root = join(folder, "root");
  const binary = join(root, "usr", "bin", "consul");
  // Written last: an install that broke off has none.
  const marker = join(folder, `${RELEASE}.txt`);
  if (await exists(marker)) return binary;
  const lines = await debianSourceLines("/etc/apt", RELEASE);
  if (lines.length === 0) throw new CommandFailed(NEEDS_APT);
  const archive = await downloadFromAny(processes, folder, lines);
  const { env } = process;
  await processes
    .run({ name: "unpack consul", command: "dpkg-deb", args: ["-x", archive, root], env })
    .catch(explain(NEEDS_APT));
  await processes
    .run({ name: "check consul", command: binary, args: ["version"], env })
    .catch(explain(NEEDS_TO_RUN));
  await writeFile(marker, "");
  return binary;
}

/** @returns the path of the package from the first source that has it. */
async function downloadFromAny(
  processes: Processes,
  folder: string,
  lines: readonly string[],
): Promise<string> {
  const failures: Error[] = [];
  for (const line of lines) {
    try {
      return await download(processes, folder, line);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      failures.push(error);
    }
  }
  const said = failures.map(({ message }) => message).join("\n");
  throw new CommandFailed(`${said}\n${NEEDS_ARCHIVE}`, { cause: failures[0] });
}

async function download(processes: Processes, folder: string, line: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const apt = join(folder, "apt");
  for (const part of ["lists/partial", "cache/archives/partial", "no-parts"]) {
    await mkdir(join(apt, part), { recursive: true });
  }
  await writeFile(join(apt, "sources.list"), `${line}\n`);
  const options = [
    `Dir::Etc::sourcelist=${join(apt, "sources.list")}`,
    `Dir::Etc::sourceparts=${join(apt, "no-parts")}`,
    `Dir::State::lists=${join(apt, "lists")}`,
    `Dir::Cache=${join(apt, "cache")}`,
    // Root's apt would become a user who may not write here.
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
    // No data for software centres, nor lists of files.
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
    "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
  ].flatMap((option) => ["-o", option]);
  const run = (name: string, ...args: string[]) =>
    processes.run({
      name,
      command: "apt-get",
      args: ["-q", ...options, ...args],
      env: process.env,
      cwd: folder,
    });
  await run("apt-get update for consul", "update");
  await run("apt-get download consul", "download", "consul");
  const archive = (await readdir(folder)).find((name) => name.endsWith(".deb"));
  if (!archive) throw new CommandFailed("apt-get download consul left no package");
  return join(folder, archive);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function explain(what: string): (cause: Error) => never {
  return (cause) => {
    throw new CommandFailed(`${cause.message}\n${what}`, { cause });
  };
}
