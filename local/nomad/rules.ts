type Level = "read" | "write" | "deny";

/** What a policy allows; the fields mean what Nomad's rules of that name mean. */
export interface Rules {
  readonly node?: Level;
  readonly operator?: Level;
  readonly agent?: Level;
  /** Capabilities by namespace, which may be a glob such as `*` or `team-*`. */
  readonly namespaces?: Readonly<Record<string, readonly string[]>>;
  /** Capabilities by namespace and, in it, by path; both may be globs. */
  readonly variables?: Readonly<Record<string, PathRules>>;
}

type PathRules = Readonly<Record<string, readonly string[]>>;

const PLAIN = ["node", "operator", "agent"] as const;

export function saysAnything(rules: Rules): boolean {
  const { namespaces, variables } = rules;
  return namespaces !== undefined || variables !== undefined || PLAIN.some((name) => rules[name]);
}

/** What several policies allow together: of two rules for the same, the one that denies, or that allows more. */
export function merged(all: readonly Rules[]): Rules {
  return all.reduce<Rules>((a, b) => {
    const namespaces: Record<string, readonly string[]> = { ...a.namespaces };
    for (const [name, capabilities] of Object.entries(b.namespaces ?? {})) {
      namespaces[name] = [...(namespaces[name] ?? []), ...capabilities];
    }
    const variables: Record<string, PathRules> = { ...a.variables };
    for (const [name, paths] of Object.entries(b.variables ?? {})) {
      variables[name] = mergedPaths(variables[name], paths);
    }
    const plain = PLAIN.map((name) => [name, stronger(a[name], b[name])]);
    return { namespaces, variables, ...Object.fromEntries(plain) };
  }, {});
}

function mergedPaths(a: PathRules = {}, b: PathRules): PathRules {
  const both = Object.entries(b).map(([path, may]) => [path, [...(a[path] ?? []), ...may]]);
  return { ...a, ...Object.fromEntries(both) };
}

function stronger(a: Level | undefined, b: Level | undefined): Level | undefined {
  if (a === "deny" || b === "deny") return "deny";
  return a === "write" ? a : (b ?? a);
}

/** By the rule of that very name, else by the glob that differs from it in the fewest characters. */
export function mayInNamespace(
  namespaces: Rules["namespaces"] = {},
  capability: string,
  namespace: string,
): boolean {
  const rules = Object.values(namespaces);
  if (namespace === "*") return rules.some((capabilities) => allows(capabilities, capability));
  return allows(ruleFor(namespace, namespaces) ?? [], capability);
}

/** Of the namespace's rules, by that of the very path or of the closest glob; `write` is not `read`, too. */
export function mayWithVariable(
  variables: Rules["variables"] = {},
  capability: "read" | "write",
  { namespace, path }: { readonly namespace: string; readonly path: string },
): boolean {
  const paths = ruleFor(namespace, variables) ?? {};
  return allows(ruleFor(path, paths) ?? [], capability);
}

function ruleFor<Rule>(name: string, rules: Readonly<Record<string, Rule>>): Rule | undefined {
  if (name in rules) return rules[name];
  const [closest] = Object.entries(rules)
    .filter(([glob]) => matches(glob, name))
    .sort(([a], [b]) => difference(a, name) - difference(b, name));
  return closest?.[1];
}

function allows(capabilities: readonly string[], capability: string): boolean {
  return capabilities.includes(capability) && !capabilities.includes("deny");
}

function matches(glob: string, name: string): boolean {
  const pattern = glob
    .split("*")
    .map((part) => part.replace(/[^\w]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(name);
}

function difference(glob: string, name: string): number {
  return name.length - glob.replaceAll("*", "").length;
}
