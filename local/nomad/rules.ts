type Level = "read" | "write" | "deny";

/** What a policy allows; the fields mean what Nomad's rules of that name mean. */
export interface Rules {
  readonly node?: Level;
  readonly operator?: Level;
  readonly agent?: Level;
  /** Capabilities by namespace, which may be a glob such as `*` or `team-*`. */
  readonly namespaces?: Readonly<Record<string, readonly string[]>>;
}

const PLAIN = ["node", "operator", "agent"] as const;

export function saysAnything(rules: Rules): boolean {
  return rules.namespaces !== undefined || PLAIN.some((name) => rules[name]);
}

/** What several policies allow together: of two rules for the same, the one that denies, or that allows more. */
export function merged(all: readonly Rules[]): Rules {
  return all.reduce<Rules>((a, b) => {
    const namespaces: Record<string, readonly string[]> = { ...a.namespaces };
    for (const [name, capabilities] of Object.entries(b.namespaces ?? {})) {
      namespaces[name] = [...(namespaces[name] ?? []), ...capabilities];
    }
    const plain = PLAIN.map((name) => [name, stronger(a[name], b[name])]);
    return { namespaces, ...Object.fromEntries(plain) };
  }, {});
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
  const rules = Object.entries(namespaces);
  if (namespace === "*") return rules.some(([, capabilities]) => allows(capabilities, capability));
  const exact = rules.find(([name]) => name === namespace);
  const [closest] = rules
    .filter(([glob]) => matches(glob, namespace))
    .sort(([a], [b]) => difference(a, namespace) - difference(b, namespace));
  return allows((exact ?? closest)?.[1] ?? [], capability);
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
