import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { JournalItem } from "../../../lambdas/contracts/journal-item.ts";
import { ENVIRONMENT } from "../../../lambdas/contracts/names.ts";
import { REPOSITORY } from "../machinery/environment.ts";
import { readSettings } from "../settings.ts";

/** How a command ended and what it printed. */
export interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `drover` as an operator does: a process that knows the stack's outputs by its environment. */
export async function drover(args: readonly string[], input = ""): Promise<Printed> {
  const { bus, table } = readSettings();
  const child = spawn(process.execPath, [join(REPOSITORY, "bin/drover.ts"), ...args], {
    env: { ...process.env, [ENVIRONMENT.bus]: bus, [ENVIRONMENT.table]: table },
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

/** The lines of a node's journal. */
export async function history(instanceId: string, ...options: string[]): Promise<JournalItem[]> {
  const printed = await drover(["history", instanceId, "--json", ...options]);
  if (printed.code !== 0) throw new Error(printed.stderr);
  const lines = printed.stdout.split("\n").filter(Boolean);
  return lines.map((line) => JournalItem.parse(JSON.parse(line)));
}

/** The texts of a node's journal when its work is finished; waits for that. */
export async function wholeHistory(instanceId: string): Promise<string[]> {
  return (await history(instanceId, "--follow")).map(({ text }) => text);
}

/** The texts of a node's journal once it has such a line; waits for that. */
export async function historyUntil(
  id: string,
  line: RegExp,
  timeoutSeconds = 120,
): Promise<string[]> {
  const texts = async () => (await history(id)).map(({ text }) => text);
  await expect
    .poll(texts, { timeout: timeoutSeconds * 1_000, interval: 1_000 })
    .toContainEqual(expect.stringMatching(line));
  return texts();
}
