import { validationError } from "../aws-error.ts";

/** The form fields of a request in AWS's query protocols. */
export class QueryParameters {
  readonly #fields: URLSearchParams;

  constructor(body: string) {
    this.#fields = new URLSearchParams(body);
  }

  text(name: string): string | undefined {
    return this.#fields.get(name) ?? undefined;
  }

  /** @throws {AwsError} ValidationError. */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw validationError(`1 validation error detected: '${name}' must not be null`);
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : value === "true";
  }

  /** `Name.1`, `Name.2`, … with a prefix such as `InstanceIds.member`. */
  list(prefix: string): string[] {
    const values: string[] = [];
    for (;;) {
      const value = this.text(`${prefix}.${values.length + 1}`);
      if (value === undefined) return values;
      values.push(value);
    }
  }

  /** EC2's `Filter.n.Name` with `Filter.n.Value.m`. */
  filters(): { name: string; values: string[] }[] {
    const filters: { name: string; values: string[] }[] = [];
    for (;;) {
      const prefix = `Filter.${filters.length + 1}`;
      const name = this.text(`${prefix}.Name`);
      if (name === undefined) return filters;
      filters.push({ name, values: this.list(`${prefix}.Value`) });
    }
  }
}
