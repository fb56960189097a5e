export type Level = "read" | "write";
type Prefixes = Readonly<Record<string, Level | "deny">>;

/** What a policy allows; the fields mean what Consul's rules of that name mean. */
export interface Rules {
  /** Everything. */
  readonly management?: boolean;
  /** For names that begin with the key; `""` means all. The longest one counts. */
  readonly nodePrefix?: Prefixes;
  readonly servicePrefix?: Prefixes;
  readonly agentPrefix?: Prefixes;
  readonly acl?: Level;
  readonly operator?: Level;
  readonly keyring?: Level;
}

const PREFIXED = ["nodePrefix", "servicePrefix", "agentPrefix"] as const;
const PLAIN = ["acl", "operator", "keyring"] as const;

export function saysAnything(rules: Rules): boolean {
  return rules.management === true || [...PREFIXED, ...PLAIN].some((name) => rules[name]);
}

/** What several policies allow together: of two rules for the same, the one that denies, or that allows more. */
export function merged(all: readonly Rules[]): Rules {
  return all.reduce<Rules>((a, b) => {
    const prefixes = PREFIXED.map((name) => [name, mergedPrefixes(a[name], b[name])]);
    const plain = PLAIN.map((name) => [name, stronger(a[name], b[name])]);
    const management = a.management === true || b.management === true;
    return { management, ...Object.fromEntries([...prefixes, ...plain]) };
  }, {});
}

function mergedPrefixes(a: Prefixes = {}, b: Prefixes = {}): Prefixes {
  const both = Object.keys(a).filter((prefix) => prefix in b);
  const conflicts = both.map((prefix) => [prefix, stronger(a[prefix], b[prefix])]);
  return { ...a, ...b, ...Object.fromEntries(conflicts) };
}

function stronger<L extends Level | "deny">(a: L | undefined, b: L | undefined): L | undefined {
  if (a === "deny" || b === "deny") return a === "deny" ? a : b;
  return a === "write" ? a : (b ?? a);
}

export function reaches(has: Level | "deny" | undefined, wanted: Level): boolean {
  return has === "write" || (has === "read" && wanted === "read");
}

export function longest(rules: Prefixes = {}, name: string): Level | "deny" | undefined {
  const [best] = Object.keys(rules)
    .filter((prefix) => name.startsWith(prefix))
    .sort((a, b) => b.length - a.length);
  return best === undefined ? undefined : rules[best];
}
