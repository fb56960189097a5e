import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MILLISECONDS = 5_000;

export interface Command {
  /** What the command is for, as an error names it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where its output goes: the terminal, or a file. @default a file, shown if it fails */
  readonly output?: "terminal";
}

/** A command could not be started, or ended with another code than 0. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** The processes of a run. Each leads a group, so that it ends with all it started. */
export class Processes {
  readonly #logs: string;
  readonly #running = new Set<ChildProcess>();
  readonly #interrupted: AbortSignal;

  /** @param logs the folder for what the processes write. */
  constructor(logs: string, interrupted: AbortSignal) {
    this.#logs = logs;
    this.#interrupted = interrupted;
  }

  /** Where a process's output is. */
  logFile({ name }: Pick<Command, "name">): string {
    return join(this.#logs, `${name.replaceAll(/\W+/g, "-")}.log`);
  }

  /** Starts a process. @returns what resolves when it has ended well. */
  start(command: Command): { readonly ended: Promise<void> } {
    this.#interrupted.throwIfAborted();
    const toTerminal = command.output === "terminal";
    const log = toTerminal ? "inherit" : openSync(this.logFile(command), "w");
    const child = spawn(command.command, command.args, {
      env: command.env,
      cwd: command.cwd,
      detached: true,
      stdio: ["ignore", log, log],
    });
    if (log !== "inherit") closeSync(log);
    this.#running.add(child);
    return { ended: this.#end(child, command) };
  }

  /**
   * Runs a command to its end.
   * @throws {CommandFailed} with the end of its output.
   */
  async run(command: Command): Promise<void> {
    const { ended } = this.start(command);
    await Promise.race([ended, rejectWhen(this.#interrupted)]);
  }

  /** Ends all that still runs. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map(stopGroup));
    this.#running.clear();
  }

  async #end(child: ChildProcess, command: Command): Promise<void> {
    const [code, signal] = await once(child, "close").catch((cause: unknown) => {
      throw new CommandFailed(`${command.name}: ${(cause as Error).message}`, { cause });
    });
    if (code === 0) return;
    const said = command.output ? "" : `:\n${tail(this.logFile(command))}`;
    throw new CommandFailed(`${command.name} ended with ${signal ?? code}${said}`);
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const end = Date.now() + PATIENCE_MILLISECONDS;
  signalGroup(child.pid, "SIGTERM");
  while (signalGroup(child.pid, 0)) {
    if (Date.now() > end) signalGroup(child.pid, "SIGKILL");
    await pause(50);
  }
}

/** @returns whether the group has a process. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function tail(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-30).join("\n").trim();
}
