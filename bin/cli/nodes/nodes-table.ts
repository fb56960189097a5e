import { styleText } from "node:util";
import Table from "cli-table3";
import type { Disagreement } from "./disagreements.ts";
import type { Said } from "./said.ts";
import type { ConsulView, NodeRow, NomadView, Sources } from "./views.ts";

/** A node, and what the sources disagree on about it. */
export interface ComparedNode extends NodeRow {
  readonly disagreements: readonly Disagreement[];
}

const NOTHING = "-";

/** The nodes side by side, a row each. */
export function nodesTable(nodes: readonly ComparedNode[], sources: Sources): string {
  const table = new Table({
    head: ["node", "group", "Auto Scaling", "Nomad", "Consul", "Drover", "disagreement"],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, 30, 38],
  });
  for (const node of nodes) table.push(rowOf(node, sources));
  return table.toString();
}

function rowOf(node: ComparedNode, sources: Sources): string[] {
  const { instance, nomad, consul, record } = node;
  return [
    node.node,
    node.group ?? NOTHING,
    cell(sources.autoScaling, instance ? [instanceText(instance)] : []),
    cell(sources.nomad, nomad.map(nomadText)),
    cell(sources.consul, consul.map(consulText)),
    cell(sources.records, record ? [recordText(record)] : []),
    node.disagreements.map(({ text }) => styleText("red", `! ${text}`)).join("\n"),
  ];
}

function cell(source: Said<unknown>, lines: readonly string[]): string {
  if (source.kind === "not-asked") return "not asked";
  if (source.kind === "failed") return "no answer";
  return lines.join("\n") || NOTHING;
}

function instanceText({ lifecycleState, isHealthy }: NonNullable<NodeRow["instance"]>): string {
  return isHealthy ? lifecycleState : `${lifecycleState}, unhealthy`;
}

function nomadText({ status, isEligible, isDraining, nodePool }: NomadView): string {
  const eligibility = isEligible ? "eligible" : "ineligible";
  return [status, isDraining ? "draining" : eligibility, nodePool].join(", ");
}

function consulText({ health, isExternal }: ConsulView): string {
  if (isExternal) return `external, ${health}`;
  return health === "passing" ? "alive" : health;
}

function recordText({ flow, finished, waiting }: NonNullable<NodeRow["record"]>): string {
  if (finished) return `${flow}: ${finished.outcome}`;
  return `${flow}: ${waiting ? `waits, ${waiting.why}` : "in work"}`;
}
