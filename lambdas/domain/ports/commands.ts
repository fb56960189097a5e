import type { NodeId } from "../../contracts/ids.ts";

/** The SSM agent of a machine, as Systems Manager sees it. */
export interface SsmAgent {
  readonly pingStatus: "Online" | "ConnectionLost" | "Inactive";
  readonly lastPingAt: Date | null;
  readonly version: string | null;
}

/** Systems Manager. Methods throw a `PortError` of system `ssm`. */
export interface Commands {
  /** The machine's agent, or undefined when it has never been heard. */
  agent(id: NodeId): Promise<SsmAgent | undefined>;
}
