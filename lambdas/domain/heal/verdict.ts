import type { Signs } from "./signs.ts";

/**
 * How much a verdict weighs. `soft`: the node still works, or may come back by itself. `reported`: it is told
 * and nothing else is done. `open`: nothing can be concluded. `others`: it is somebody else's work.
 */
export type Weight = "well" | "reported" | "soft" | "hard" | "open" | "others";

/** What is wrong with a node, in one word, and what can be done about it. */
export interface Verdict {
  readonly name: (typeof RULES)[number]["name"];
  readonly weight: Weight;
  /** Whether a restart of its agents may help, and can be ordered. */
  readonly isRestartable: boolean;
  readonly why: string;
  /** Whether anything on the machine can be restarted, where that matters. */
  readonly reach: string | undefined;
}

interface Rule {
  readonly name: string;
  readonly weight: Weight;
  /** Whether a restart of its agents may help. */
  readonly restart?: true;
  readonly why: string;
  applies(signs: Signs): boolean;
}

/**
 * From what says most to what says least. What EC2 calls impaired is so, whatever the agents say; what Nomad
 * does not say keeps everything else open.
 */
const RULES = [
  {
    name: "not-running",
    weight: "others",
    why: "its instance does not run",
    applies: ({ machine }) =>
      ["stopping", "stopped", "shutting-down", "terminated", "gone"].includes(machine),
  },
  {
    name: "system-impaired",
    weight: "hard",
    why: "EC2's system check fails: the host or its network is broken",
    applies: ({ system }) => system === "impaired",
  },
  {
    name: "instance-impaired",
    weight: "hard",
    why: "EC2's instance check fails: the machine does not answer",
    applies: ({ instance }) => instance === "impaired",
  },
  {
    name: "ebs-impaired",
    weight: "hard",
    why: "EC2's check of the attached volumes fails",
    applies: ({ attachedEbs }) => attachedEbs === "impaired",
  },
  {
    name: "unknowable",
    weight: "open",
    why: "Nomad can't be asked, and without it nothing is concluded",
    applies: ({ nomad }) => nomad === "unknown",
  },
  {
    name: "unknowable",
    weight: "open",
    why: "Nomad has a new leader, which takes 300 s to know who is silent: nothing is concluded",
    applies: ({ nomad, hasNewLeader }) =>
      hasNewLeader && ["down", "disconnected", "missing"].includes(nomad),
  },
  {
    name: "nomad-down",
    weight: "hard",
    restart: true,
    why: "Nomad does not hear its agent any more",
    applies: ({ nomad }) => nomad === "down",
  },
  {
    name: "nomad-missing",
    weight: "hard",
    restart: true,
    why: "Nomad has no node of this instance",
    applies: ({ nomad }) => nomad === "missing",
  },
  {
    name: "nomad-disconnected",
    weight: "soft",
    restart: true,
    why: "Nomad does not hear its agent, and its tasks may go on as its jobs allow",
    applies: ({ nomad }) => nomad === "disconnected",
  },
  {
    name: "nomad-starting",
    weight: "soft",
    why: "its Nomad client has registered and is not ready yet",
    applies: ({ nomad }) => nomad === "initializing",
  },
  {
    name: "consul-failed",
    weight: "soft",
    restart: true,
    why: "Consul's members do not reach its agent",
    applies: ({ consul }) => consul === "failed" || consul === "missing",
  },
  {
    name: "unknowable",
    weight: "open",
    why: "nothing bad is seen, but not everything could be read",
    applies: ({ hasNewLeader: _, ...signs }) => Object.values(signs).includes("unknown"),
  },
  {
    name: "ssm-silent",
    weight: "reported",
    why: "Systems Manager does not hear its agent; Nomad and Consul are well",
    applies: ({ ssm }) => ssm === "silent",
  },
  { name: "healthy", weight: "well", why: "every source is content", applies: () => true },
] as const satisfies readonly Rule[];

const REACHED = "Systems Manager reaches the machine, so its agents can be restarted";
const NOT_REACHED = "Systems Manager does not reach the machine, so nothing on it can be restarted";

/** What the signs of a node come to: the first rule that applies. */
export function verdictOf(signs: Signs): Verdict {
  const rules: readonly (Rule & Pick<Verdict, "name">)[] = RULES;
  const rule = rules.find((each) => each.applies(signs));
  if (!rule) throw new Error("no rule applies: the last one always does");
  const { name, weight, restart, why } = rule;
  const isRestartable = restart === true && signs.ssm === "online";
  const reach = isRestartable ? REACHED : NOT_REACHED;
  return { name, weight, isRestartable, why, reach: restart && reach };
}

/** How much a verdict of this name weighs. */
export function weightOf(name: string): Weight | undefined {
  return RULES.find((rule) => rule.name === name)?.weight;
}
