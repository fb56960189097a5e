import { randomId } from "./chance.ts";

/** A server of the cluster, as it is and as autopilot sees it. */
export interface ModelServer {
  readonly id: string;
  readonly name: string;
  /** IP address and port of its RPC. */
  readonly address: string;
  /** Whether its process runs. Autopilot may not know yet that it does not. */
  running: boolean;
  /** How often it has died. */
  deaths: number;
  healthy: boolean;
  serfStatus: "alive" | "left";
  voter: boolean;
  stableSince: Date;
}

/** A voter that runs, the number counting from 0: `server-0.global` at port 4647, and so on. */
export function newServer(number: number, chance: () => number, now: Date): ModelServer {
  return {
    id: randomId(chance),
    name: `server-${number}.global`,
    address: `127.0.0.1:${4_647 + 10 * number}`,
    running: true,
    deaths: 0,
    healthy: true,
    serfStatus: "alive",
    voter: true,
    stableSince: now,
  };
}
