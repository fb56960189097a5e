import type { GetCommandInvocationCommandOutput } from "@aws-sdk/client-ssm";

/** What infra/restart-agents/tell-agents.sh itself writes, and neither systemd nor a unit. */
const OWN_LINE = /^(?:== (?<unit>[\w@.:-]+ is [a-z-]+)|(?<end>systemctl ended with \d+))$/;

/**
 * How a command has left its units. Whatever else was written stays with Systems Manager: a unit's own lines may
 * hold the very value that it could not read.
 * @returns such as `systemctl ended with 1; nomad is failed`.
 */
export function unitStates(invocation: GetCommandInvocationCommandOutput): string {
  const { StandardOutputContent = "" } = invocation;
  const own = StandardOutputContent.split("\n").map((line) => OWN_LINE.exec(line.trim())?.groups);
  return own.flatMap((groups) => groups?.unit ?? groups?.end ?? []).join("; ");
}
