import type { Pass } from "../../pass.ts";
import type { SsmAgent } from "../../ports/commands.ts";
import type { Reading, Signs } from "../signs.ts";

type SsmReading = Reading<Pick<Signs, "ssm">>;

/**
 * Whether Systems Manager reaches the machine. It calls an agent online for minutes after its last word: a
 * command that was not fetched says more.
 */
export async function readSsm(pass: Pass): Promise<SsmReading> {
  const agent = await pass.ports.commands.agent(pass.record.nodeId);
  if (!agent) return { signs: { ssm: "none" }, said: "has never been heard" };
  const said = describe(agent, pass.now);
  const refutedAt = undelivered(pass, agent);
  if (refutedAt) {
    const against = `${said}, but a command was not fetched until ${refutedAt.toISOString()}`;
    return { signs: { ssm: "silent" }, said: against };
  }
  return { signs: { ssm: agent.pingStatus === "Online" ? "online" : "silent" }, said };
}

// What it says after that is news.
function undelivered({ healing }: Pass, { lastPingAt }: SsmAgent): Date | undefined {
  const { result, endedAt } = healing.restart ?? {};
  if (result !== "undeliverable" || !endedAt) return undefined;
  return lastPingAt && lastPingAt > endedAt ? undefined : endedAt;
}

function describe({ pingStatus, lastPingAt, version }: SsmAgent, now: Date): string {
  const heard = lastPingAt && Math.round((now.getTime() - lastPingAt.getTime()) / 1_000);
  return [pingStatus, heard !== null && `heard ${heard} s ago`, version && `version ${version}`]
    .filter(Boolean)
    .join(", ");
}
