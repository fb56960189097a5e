import type { NodeId } from "../../contracts/ids.ts";

/** The SSM agent of a machine, as Systems Manager sees it. */
export interface SsmAgent {
  readonly pingStatus: "Online" | "ConnectionLost" | "Inactive";
  readonly lastPingAt: Date | null;
  readonly version: string | null;
}

/** How a command has fared on one machine. */
export interface CommandResult {
  /** `undeliverable`: the machine's agent has not fetched it in time, as one that is dead does not. */
  readonly status: "pending" | "success" | "failed" | "timed-out" | "undeliverable";
  /** The end of what it wrote. */
  readonly output: string;
}

/** Systems Manager. Methods throw a `PortError` of system `ssm`. */
export interface Commands {
  /** The machine's agent, or undefined when it has never been heard. */
  agent(id: NodeId): Promise<SsmAgent | undefined>;
  /**
   * Has the machine's agent restart some systemd units, in this order, by Drover's own document.
   * Asked twice, it is done twice: look for it with `findRestart` first.
   * @returns the command's id; undefined when Systems Manager does not know the machine.
   */
  restart(id: NodeId, units: readonly string[]): Promise<string | undefined>;
  /** The latest restart that was ordered for the machine at this time or later. */
  findRestart(id: NodeId, since: Date): Promise<string | undefined>;
  /** How a command fares; undefined while Systems Manager does not know of it yet. */
  result(id: NodeId, commandId: string): Promise<CommandResult | undefined>;
}
