import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** Unmounts the tasks' secrets directories, which a killed agent leaves mounted. */
export async function unmountAllUnder(directory: string): Promise<void> {
  const mounts = await readFile("/proc/mounts", "utf8").catch(() => "");
  const paths = mounts.split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const path of paths.filter((path) => path.startsWith(`${directory}/`))) {
    await promisify(execFile)("umount", ["--lazy", path]);
  }
}

/**
 * Kills what an agent left behind: Nomad's tasks outlive their agent. Known by the directory, which
 * stands in their command line, environment or working directory (Linux only: /proc).
 */
export async function killAllUnder(directory: string): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const pids = await processesUnder(directory);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await pause(100);
  }
  throw new Error(`processes of ${directory} can't be killed`);
}

async function processesUnder(directory: string): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 1 && pid !== process.pid);
  const mine = await Promise.all(pids.map((pid) => isUnder(pid, directory)));
  return pids.filter((_, index) => mine[index]);
}

async function isUnder(pid: number, directory: string): Promise<boolean> {
  const traces = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, "utf8"),
    readFile(`/proc/${pid}/environ`, "utf8"),
    readlink(`/proc/${pid}/cwd`),
  ]).catch(() => []); // It ended meanwhile, or is another user's.
  return traces.some((trace) => trace.includes(directory));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
