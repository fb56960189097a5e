import { quote } from "../join/quote.ts";
import type { Pass } from "../pass.ts";
import type { CommandResult } from "../ports/commands.ts";
import type { HealProgress } from "../record.ts";
import { again, next, type Step } from "../step.ts";
import { RESTART } from "./restart-agents.ts";

/** The result of a command is an event, too: this is for when that is lost. */
const POLL_SECONDS = 10;
/** Longer than Systems Manager takes to call a command off. */
const PATIENCE_SECONDS = 3_600;
/** The end of what it wrote that is kept. */
const OUTPUT_CHARACTERS = 2_000;

/**
 * Waits for the end of a restart that was ordered, however the node is meanwhile. Whether one was, in a pass
 * that died, Systems Manager knows.
 */
export const followRestart: Step = {
  name: RESTART,
  async run(pass) {
    const { restart } = pass.healing;
    if (!restart || restart.endedAt) return next;
    const { commands } = pass.ports;
    const { nodeId } = pass.record;
    const commandId = restart.commandId ?? (await commands.findRestart(nodeId, restart.plannedAt));
    if (!commandId) return next;
    pass.heal({ restart: { ...restart, commandId } });
    const result = await commands.result(nodeId, commandId);
    if (result && result.status !== "pending") ended(pass, restart, commandId, result);
    else if (isTooLong(pass, restart)) ended(pass, restart, commandId, NEVER_ENDED);
    else return again(POLL_SECONDS, "its agents are being restarted");
    return next;
  },
};

type Restart = NonNullable<HealProgress["restart"]>;

const NEVER_ENDED: CommandResult = { status: "timed-out", output: "" };

const ENDINGS: Readonly<Record<CommandResult["status"], string>> = {
  pending: "goes on",
  success: "has ended well",
  failed: "has failed",
  "timed-out": "did not come to an end",
  undeliverable: "was not fetched by the machine's SSM agent, which is as good as dead",
};

function ended(
  pass: Pass,
  { plannedAt }: Restart,
  commandId: string,
  { status, output }: CommandResult,
): void {
  pass.heal({ restart: { plannedAt, commandId, result: status, endedAt: pass.now } });
  const end = quote(output, OUTPUT_CHARACTERS);
  const wrote = end === "" ? "" : `; it wrote:\n${end}`;
  pass.saw(`the restart of its agents ${ENDINGS[status]} (command ${commandId})${wrote}`);
}

function isTooLong({ now }: Pass, { plannedAt }: Restart): boolean {
  return now.getTime() - plannedAt.getTime() > PATIENCE_SECONDS * 1_000;
}
