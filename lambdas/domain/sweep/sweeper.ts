import type { Config } from "../../contracts/config.ts";
import type { KnownHosts } from "./known-hosts.ts";
import type { SweepPorts } from "./ports.ts";
import type { RecentlyTold } from "./recently-told.ts";

/** The sweep with all it works on. */
export interface Sweeper {
  readonly ports: SweepPorts;
  readonly config: Config;
  readonly told: RecentlyTold;
  readonly hosts: KnownHosts;
}
