import type * as z from "zod";
import { FUNCTION_NAMES, type FunctionName } from "../names.ts";

/** The defaults of `limits.http_max_conns_per_client` (Consul's since 1.8). Vault has no such limit. */
const LIMITS = [
  { system: "nomad", title: "Nomad", most: 100 },
  { system: "consul", title: "Consul", most: 200 },
] as const;

/** The fewest that Lambda allows: what is healed or rotated is rare, and a sweep is one at a time. */
const FEW = 2;
const RARE: ReadonlySet<FunctionName> = new Set(["heal-node", "sweep", "rotate-tokens"]);

/** How many instances of a function work at once. */
export function concurrencyOf(name: FunctionName, maxConcurrency: number): number {
  return RARE.has(name) ? FEW : maxConcurrency;
}

/** The functions that a configuration asks for. */
export function functionsOf({ rotate }: { readonly rotate?: unknown }): readonly FunctionName[] {
  return FUNCTION_NAMES.filter((name) => name !== "rotate-tokens" || rotate !== undefined);
}

type Sized = {
  readonly functions: { readonly maxConcurrency: number };
  readonly rotate?: unknown;
} & Readonly<
  Partial<Record<(typeof LIMITS)[number]["system"], { readonly maxSockets: number } | undefined>>
>;

/** All function instances together may open no more connections than a server takes of one address. */
export function checkConnections(config: Sized, context: z.RefinementCtx): void {
  const names = functionsOf(config);
  for (const { system, title, most } of LIMITS) {
    const { maxSockets } = config[system] ?? { maxSockets: 0 };
    const instances = names.reduce(
      (sum, name) => sum + concurrencyOf(name, config.functions.maxConcurrency),
      0,
    );
    const connections = instances * maxSockets;
    if (connections < most) continue;
    context.addIssue({
      code: "custom",
      path: ["functions", "maxConcurrency"],
      message:
        `makes ${instances} instances of ${names.join(", ")}; times ${system}.maxSockets ` +
        `that is ${connections} connections, ` +
        `and ${title} refuses ${most} connections from one address ` +
        "(http_max_conns_per_client): lower one of the two",
    });
  }
}
