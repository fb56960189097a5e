import type { Config } from "../contracts/config.ts";
import type { Ports } from "./ports/index.ts";
import type { Flow } from "./step.ts";

/** One flow with all it works on. */
export interface Worker {
  readonly flow: Flow;
  readonly ports: Ports;
  readonly config: Config;
}
