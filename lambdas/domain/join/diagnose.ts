import type { Pass } from "../pass.ts";
import { PortError } from "../ports/errors.ts";
import { quote } from "./quote.ts";

/** The end of the console's output that is kept. */
const LINES = 15;
const MOST_CHARACTERS = 2_000;

/**
 * Collects what tells why an instance did not come up, while it is still there: the end of its
 * console's output and the state of its SSM agent. It goes into the journal and the notification.
 */
export async function diagnose(pass: Pass): Promise<string[]> {
  const seen = [await orWhyNot(ssmAgent(pass)), await orWhyNot(consoleOutput(pass))];
  for (const text of seen) pass.saw(text);
  return seen;
}

async function ssmAgent({ ports, record, now }: Pass): Promise<string> {
  const agent = await ports.commands.agent(record.nodeId);
  if (!agent) return "its SSM agent has never been heard";
  const { pingStatus, lastPingAt, version } = agent;
  const seconds = lastPingAt && Math.round((now.getTime() - lastPingAt.getTime()) / 1_000);
  const heard = seconds === null ? "" : `, heard ${seconds} s ago`;
  return `its SSM agent${version ? ` (${version})` : ""} is ${pingStatus}${heard}`;
}

async function consoleOutput({ ports, instanceId }: Pass): Promise<string> {
  const output = await ports.compute.consoleOutput(instanceId);
  const end = quote(output ?? "", MOST_CHARACTERS)
    .split("\n")
    .slice(-LINES)
    .join("\n");
  return end === "" ? "its console has no output" : `its console ends with:\n${end}`;
}

// What can't be had must not keep the instance.
async function orWhyNot(reading: Promise<string>): Promise<string> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PortError) return `it can't be read: ${error.message}`;
    throw error;
  }
}
