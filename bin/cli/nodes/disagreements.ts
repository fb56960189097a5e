import { InstanceId } from "../../../lambdas/contracts/ids.ts";
import type { NodeItem } from "../../../lambdas/contracts/node-item.ts";
import type { NodeRow, Sources } from "./views.ts";

/** Two sources that can't both be right, or a thing nobody looks after, in words. */
export interface Disagreement {
  readonly kind: string;
  readonly text: string;
}

/** What may be concluded from silence about a node. */
export interface Expectations {
  /** The sources that answered, in full. */
  readonly answered: Readonly<Record<keyof Sources, boolean>>;
  /** The groups whose instances are Nomad clients: Nomad knows at least one of each. */
  readonly nomadGroups: ReadonlySet<string>;
  /** The groups whose instances have Consul agents. */
  readonly consulGroups: ReadonlySet<string>;
}

type Outcome = NonNullable<NodeItem["finished"]>["outcome"];
type Rule = (row: NodeRow, expected: Expectations) => string | false | undefined;

/** Outcomes after which an instance is not to serve on. */
const LET_GO: readonly Outcome[] = ["drained", "gave-up", "cut-short", "abandoned"];

const RULES: Readonly<Record<string, Rule>> = {
  "in-service-without-nomad-node": (row, { answered, nomadGroups }) =>
    answered.nomad &&
    inService(row) &&
    row.nomad.length === 0 &&
    (nomadGroups.has(row.group ?? "") || row.record?.nomadNodeId !== undefined) &&
    "in service, but Nomad has no node of it",
  "in-service-but-not-ready": ({ nomad: [newest], ...row }) =>
    newest &&
    inService(row) &&
    newest.status !== "ready" &&
    `in service, but Nomad says ${newest.status}`,
  "several-nomad-nodes": ({ nomad }) =>
    nomad.length > 1 && `Nomad has ${nomad.length} nodes of it: ${nomad.map(named).join(", ")}`,
  "nomad-node-without-instance": (row, expected) =>
    row.nomad[0] &&
    isLeftOver(row, expected) &&
    `Nomad says ${row.nomad[0].status}, ${NO_INSTANCE}`,
  "in-service-without-consul-node": (row, { answered, consulGroups }) =>
    answered.consul &&
    inService(row) &&
    row.consul.length === 0 &&
    (consulGroups.has(row.group ?? "") || row.record?.consulNode !== undefined) &&
    "in service, but Consul has no node of it",
  "in-service-but-critical": (row) =>
    inService(row) &&
    row.consul.some(({ health }) => health === "critical") &&
    "in service, but Consul says critical",
  "several-consul-nodes": ({ consul }) =>
    consul.length > 1 &&
    `Consul has ${consul.length} nodes of it: ${consul.map(({ name }) => name).join(", ")}`,
  "consul-node-without-instance": (row, expected) =>
    row.consul[0] && isLeftOver(row, expected) && `Consul still has it, ${NO_INSTANCE}`,
  "unproven-but-eligible": ({ nomad: [newest], record }) =>
    record?.finished?.outcome === "let-in-unproven" &&
    newest?.isEligible &&
    "let in unproven, but Nomad has it eligible",
  "joined-but-ineligible": ({ nomad: [newest], record, ...row }) =>
    record?.finished?.outcome === "joined" &&
    inService(row) &&
    newest?.status === "ready" &&
    !newest.isEligible &&
    !newest.isDraining &&
    "joined, but Nomad has it ineligible",
  "leaving-but-eligible": ({ instance, nomad: [newest] }) =>
    instance?.lifecycleState.startsWith("Terminating") &&
    newest?.status === "ready" &&
    newest.isEligible &&
    "it leaves, but Nomad has it eligible",
  "let-go-but-in-service": ({ record, ...row }) =>
    record?.finished &&
    LET_GO.includes(record.finished.outcome) &&
    inService(row) &&
    `${record.finished.outcome}, but Auto Scaling says InService`,
  "registered-but-not-in-consul": ({ consul, record }, { answered }) =>
    answered.consul &&
    record?.finished?.outcome === "registered" &&
    consul.length === 0 &&
    "registered, but Consul has no such node",
  "deregistered-but-in-consul": ({ consul, record }) =>
    record?.finished?.outcome === "deregistered" &&
    consul.length > 0 &&
    "deregistered, but Consul still has it",
};

const NO_INSTANCE = "but no Auto Scaling group has the instance";

/** What the sources disagree on about a node. A source that did not answer disagrees with nobody. */
export function disagreements(row: NodeRow, expected: Expectations): Disagreement[] {
  return Object.entries(RULES).flatMap(([kind, rule]) => {
    const text = rule(row, expected);
    return text ? [{ kind, text }] : [];
  });
}

/** What silence about a node of these rows means. */
export function expectationsOf(rows: readonly NodeRow[], sources: Sources): Expectations {
  const groups = (isKnown: (row: NodeRow) => boolean) =>
    new Set(rows.filter(isKnown).flatMap(({ group }) => (group === undefined ? [] : [group])));
  return {
    answered: {
      autoScaling: sources.autoScaling.kind === "said",
      nomad: sources.nomad.kind === "said",
      consul: sources.consul.kind === "said",
      records: sources.records.kind === "said",
    },
    nomadGroups: groups(({ nomad }) => nomad.length > 0),
    consulGroups: groups(({ consul }) => consul.length > 0),
  };
}

function inService({ instance }: Pick<NodeRow, "instance">): boolean {
  return instance?.lifecycleState === "InService";
}

/** An EC2 instance that no group has (any more), and that nobody is clearing away just now. */
function isLeftOver({ node, instance, record }: NodeRow, { answered }: Expectations): boolean {
  const isEc2 = InstanceId.safeParse(node).success && !node.startsWith("mi-");
  const isInWork = record !== undefined && record.finished === undefined;
  return answered.autoScaling && isEc2 && !instance && !isInWork;
}

function named({ id, status }: { readonly id: string; readonly status: string }): string {
  return `${id.slice(0, 8)} ${status}`;
}
