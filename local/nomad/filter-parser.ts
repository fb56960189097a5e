import { type Expression, FilterError } from "./filter-expression.ts";

/** Reads a filter in go-bexpr's grammar, as far as the model knows it. */
export function parseFilter(text: string): Expression {
  const parser = new FilterParser(text);
  return parser.parse();
}

class FilterParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Expression {
    const expression = this.#or();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error("no match found");
    return expression;
  }

  #or(): Expression {
    const left = this.#and();
    return this.#word("or") ? { kind: "or", left, right: this.#or() } : left;
  }

  #and(): Expression {
    const left = this.#not();
    return this.#word("and") ? { kind: "and", left, right: this.#and() } : left;
  }

  #not(): Expression {
    return this.#word("not") ? { kind: "not", operand: this.#not() } : this.#group();
  }

  #group(): Expression {
    this.#space();
    if (!this.#take(/\(/y)) return this.#match();
    const expression = this.#or();
    this.#space();
    if (!this.#take(/\)/y)) throw this.#error('rule "grouping": Unmatched parentheses');
    return expression;
  }

  #match(): Expression {
    const selector = this.#selector();
    this.#space();
    const operator = this.#take(/==|!=|matches\b|not\s+matches\b/y)?.replace(/\s+/g, " ");
    if (!operator) throw this.#error("no match found");
    this.#space();
    const value = this.#string() ?? this.#take(/[A-Za-z0-9][A-Za-z0-9_/-]*/y);
    if (value === undefined) throw this.#error("no match found");
    return {
      kind: "match",
      selector,
      operator: operator as "==" | "!=" | "matches" | "not matches",
      value,
    };
  }

  #selector(): string[] {
    const first = this.#take(/[A-Za-z][A-Za-z0-9_]*/y);
    if (first === undefined) throw this.#error("no match found");
    const path = [first];
    for (;;) {
      const dotted = this.#take(/\.[A-Za-z][A-Za-z0-9_-]*/y);
      if (dotted) path.push(dotted.slice(1));
      else if (this.#take(/\[/y)) path.push(this.#index());
      else return path;
    }
  }

  #index(): string {
    this.#space();
    const key = this.#string();
    if (key === undefined) throw this.#error('rule "index": Invalid index');
    this.#space();
    if (!this.#take(/\]/y)) throw this.#error('rule "index": Unclosed index expression');
    return key;
  }

  #string(): string | undefined {
    const raw = this.#take(/`[^`]*`/y);
    if (raw !== undefined) return raw.slice(1, -1);
    const quoted = this.#take(/"(?:[^"\\]|\\.)*"/y);
    return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
  }

  #word(word: string): boolean {
    this.#space();
    return this.#take(new RegExp(`${word}(?=[\\s(])`, "y")) !== undefined;
  }

  #space(): void {
    this.#take(/\s*/y);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #error(what: string): FilterError {
    const place = `1:${this.#at + 1} (${this.#at})`;
    return new FilterError(
      `failed to create result paginator: failed to read filter expression: ${place}: ${what}`,
    );
  }
}
