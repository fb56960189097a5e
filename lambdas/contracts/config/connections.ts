import type * as z from "zod";
import { NOMAD_FUNCTIONS } from "../names.ts";

/** The defaults of `limits.http_max_conns_per_client` (Consul's since 1.8). Vault has no such limit. */
const LIMITS = [
  { system: "nomad", title: "Nomad", most: 100 },
  { system: "consul", title: "Consul", most: 200 },
] as const;

type Sized = {
  readonly functions: { readonly maxConcurrency: number };
} & Readonly<
  Partial<Record<(typeof LIMITS)[number]["system"], { readonly maxSockets: number } | undefined>>
>;

/** All function instances together may open no more connections than a server takes of one address. */
export function checkConnections(config: Sized, context: z.RefinementCtx): void {
  for (const { system, title, most } of LIMITS) {
    const { maxSockets } = config[system] ?? { maxSockets: 0 };
    const connections = NOMAD_FUNCTIONS.length * config.functions.maxConcurrency * maxSockets;
    if (connections < most) continue;
    context.addIssue({
      code: "custom",
      path: ["functions", "maxConcurrency"],
      message:
        `times ${system}.maxSockets, for each of ${NOMAD_FUNCTIONS.join(", ")}, is ${connections}, ` +
        `and ${title} refuses ${most} connections from one address ` +
        "(http_max_conns_per_client): lower one of the two",
    });
  }
}
