/** A filter that Nomad refuses; the message is Nomad's. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

export type Expression =
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "match";
      readonly selector: readonly string[];
      readonly operator: "==" | "!=" | "matches" | "not matches";
      readonly value: string;
    };
