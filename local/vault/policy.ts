import { seconds } from "./duration.ts";

export type Capability = "create" | "read" | "update" | "delete" | "list" | "sudo" | "deny";

interface Rule {
  /** May end in `*`, and have `+` for whole segments. */
  readonly path: string;
  /** What it covers where it has any of them. */
  readonly pattern: RegExp | undefined;
  readonly capabilities: readonly string[];
  readonly minWrappingSeconds: number;
  readonly maxWrappingSeconds: number;
}

/** Every token has it, unless it was made without. */
export const DEFAULT_POLICY = `
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
path "sys/wrapping/wrap" { capabilities = ["update"] }
path "sys/wrapping/lookup" { capabilities = ["update"] }
path "sys/wrapping/unwrap" { capabilities = ["update"] }
`;

/** A policy in HCL, of which the model reads paths, capabilities and the wrapping limits. */
export class Policy {
  readonly #rules: readonly Rule[];

  /** @throws for text in which it finds no rule. */
  constructor(text: string) {
    const code = text.replace(/^\s*#.*$/gm, "");
    this.#rules = [...code.matchAll(/path\s+"([^"]+)"\s*\{([^}]*)\}/g)].map(([, path = "", body]) =>
      rule(path, body ?? ""),
    );
    if (this.#rules.length === 0) throw new Error("there is no rule in this policy");
  }

  /** The rules for a path, each with how closely it fits. */
  rulesFor(path: string): readonly { readonly rule: Rule; readonly closeness: number }[] {
    return this.#rules.flatMap((rule) => {
      const closeness = closenessOf(rule, path);
      return closeness === undefined ? [] : [{ rule, closeness }];
    });
  }
}

/** Whether policies allow a request. The rule that fits closest counts, whatever the others say. */
export function allows(
  policies: readonly Policy[],
  path: string,
  capability: Capability,
  wrapSeconds: number,
): boolean {
  // A list's path ends in a slash, but a rule without it covers it too, unless there is one with it.
  const paths = capability === "list" ? [path, path.replace(/\/$/, "")] : [path];
  const candidates = paths.map((each) => policies.flatMap((policy) => policy.rulesFor(each)));
  const found = candidates.find((rules) => rules.length > 0) ?? [];
  const closest = Math.max(...found.map(({ closeness }) => closeness));
  const rules = found.flatMap(({ rule, closeness }) => (closeness === closest ? [rule] : []));
  const capabilities = rules.flatMap((rule) => rule.capabilities);
  if (!capabilities.includes(capability) || capabilities.includes("deny")) return false;
  return rules.some(
    ({ minWrappingSeconds, maxWrappingSeconds }) =>
      wrapSeconds >= minWrappingSeconds && wrapSeconds <= maxWrappingSeconds,
  );
}

function rule(path: string, body: string): Rule {
  const list = /capabilities\s*=\s*\[([^\]]*)\]/.exec(body)?.[1] ?? "";
  const limit = (name: string) =>
    seconds(new RegExp(`${name}\\s*=\\s*"?([0-9smhd]+)"?`).exec(body)?.[1]);
  return {
    path,
    pattern: patternOf(path),
    capabilities: [...list.matchAll(/"([a-z]+)"/g)].map(([, name = ""]) => name),
    minWrappingSeconds: limit("min_wrapping_ttl") ?? 0,
    maxWrappingSeconds: limit("max_wrapping_ttl") ?? Number.POSITIVE_INFINITY,
  };
}

function patternOf(path: string): RegExp | undefined {
  if (!/[*+]/.test(path)) return undefined;
  const source = path
    .replace(/\*$/, "")
    .split("+")
    .map((part) => part.replace(/[^\w]/g, "\\$&"))
    .join("[^/]+");
  return new RegExp(`^${source}${path.endsWith("*") ? "" : "$"}`);
}

/** Undefined when the rule does not cover the path; Infinity when it is of that itself. */
function closenessOf(rule: Rule, path: string): number | undefined {
  if (rule.path === path) return Number.POSITIVE_INFINITY;
  return rule.pattern?.test(path) ? rule.path.replace(/[*+]/g, "").length : undefined;
}
