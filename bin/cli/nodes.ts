import { Command } from "commander";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { explain } from "./failure.ts";
import { type Comparison, compareNodes } from "./nodes/compare.ts";
import { nodesJson } from "./nodes/nodes-json.ts";
import { nodesTable } from "./nodes/nodes-table.ts";
import { readSources } from "./nodes/read-sources.ts";
import type { Said } from "./nodes/said.ts";
import type { Sources } from "./nodes/views.ts";

interface Options {
  readonly table?: string;
  readonly group?: readonly string[];
  readonly disagreements?: boolean;
  readonly json?: boolean;
}

/** `drover nodes`: what Auto Scaling, Nomad, Consul and the records say of every node. */
export function nodesCommand(): Command {
  return new Command("nodes")
    .description("list what Auto Scaling, Nomad, Consul and Drover's records say of every node")
    .option("--group <name...>", "only nodes of these Auto Scaling groups")
    .option("--disagreements", "only nodes of which two of them can't both be right")
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Nomad is asked if NOMAD_ADDR is set (NOMAD_TOKEN with node:read, NOMAD_REGION, NOMAD_CACERT,
NOMAD_CLIENT_CERT, NOMAD_CLIENT_KEY, NOMAD_TLS_SERVER_NAME), Consul if CONSUL_HTTP_ADDR is
(CONSUL_HTTP_TOKEN with node:read on all nodes, CONSUL_HTTP_SSL, CONSUL_CACERT, CONSUL_CLIENT_CERT,
CONSUL_CLIENT_KEY, CONSUL_TLS_SERVER_NAME). Nothing is concluded from a source that was not asked.

The records are found by a Scan, which reads (and bills) the whole table with its journals. Nomad
clients that are not named after their instance, and that no record knows, are read one by one.

Disagreements do not change the exit code: it is 1 only when a source could not be read.

Example:
  drover nodes --group nomad-clients --disagreements`,
    )
    .action(nodes);
}

async function nodes(options: Options): Promise<void> {
  const sources = await readSources(options.table, process.env);
  const comparison = compareNodes(sources, {
    ...(options.group && { groups: options.group }),
    onlyDisagreements: options.disagreements ?? false,
  });
  if (options.json) console.log(JSON.stringify(nodesJson(comparison, sources), null, 2));
  else print(comparison, sources);
  complain(sources);
}

function print(comparison: Comparison, sources: Sources): void {
  const { nodes, compared, leftOut, unknownGroups } = comparison;
  if (nodes.length > 0) console.log(nodesTable(nodes, sources));
  const marked = nodes.filter(({ disagreements }) => disagreements.length > 0).length;
  console.log(`${compared} ${compared === 1 ? "node" : "nodes"}, ${marked} with disagreements`);
  for (const [title, said] of titled(sources)) {
    if (said.kind === "not-asked") console.log(`${title}: not asked, since ${said.because}`);
  }
  if (leftOut.length > 0) {
    console.log(`left out, known to Auto Scaling alone: ${leftOut.join(", ")} (see --group)`);
  }
  if (unknownGroups.length > 0) {
    const names = unknownGroups.join(", ");
    console.log(`no node in ${names}: is it the right name, account and region?`);
  }
}

function complain(sources: Sources): void {
  for (const [title, said] of titled(sources)) {
    if (said.kind !== "failed") continue;
    process.exitCode = 1;
    console.error(`drover: ${title}: ${explain(said.error)}`);
  }
}

function titled(sources: Sources): [string, Said<unknown>][] {
  return [
    ["Auto Scaling", sources.autoScaling],
    ["Nomad", sources.nomad],
    ["Consul", sources.consul],
    ["the node records", sources.records],
  ];
}
