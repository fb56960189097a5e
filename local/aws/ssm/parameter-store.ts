import { createHash } from "node:crypto";
import { type Cancel, plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import type { Parameter, ParameterInput, ParameterTier } from "./parameter.ts";
import { expiresAt, parsePolicies } from "./parameter-policies.ts";
import { checkInput, checkReplacement, tierOf } from "./parameter-rules.ts";
import { WriteLimit, type WriteRate } from "./write-limit.ts";

/** Policies are enforced "by using asynchronous, periodic scans" (AWS's words): somewhat late. */
const SCAN_SECONDS = 60;

/** Parameter Store: parameters, their tiers, policies and tags. */
export class ParameterStore {
  /** Of new parameters that none is named for: a setting of the account's. */
  defaultTier: ParameterTier = "Standard";
  readonly #context: AwsContext;
  readonly #parameters = new Map<string, Parameter>();
  readonly #ends = new Map<string, Cancel>();
  readonly #writes: WriteLimit | undefined;

  constructor(context: AwsContext, writeRate?: WriteRate) {
    this.#context = context;
    this.#writes = writeRate && new WriteLimit(context.clock, writeRate);
  }

  /** @throws {AwsError} as PutParameter does. */
  put(input: ParameterInput): Parameter {
    this.#writes?.take();
    checkInput(input);
    const now = this.#context.clock.now();
    const before = this.#parameters.get(input.name);
    if (before) checkReplacement(before, input);
    const type = input.type ?? before?.type;
    if (!type) {
      throw new AwsError(
        "ValidationException",
        "A parameter type is required to create a parameter.",
      );
    }
    // What is replaced keeps its policies "until you send new policies or an empty policy".
    const policies =
      input.policies === undefined ? (before?.policies ?? []) : parsePolicies(input.policies, now);
    // Whatever key it was under before.
    const keyId = input.keyId ?? "alias/aws/ssm";
    const parameter: Parameter = {
      name: input.name,
      type,
      value: input.value,
      version: (before?.version ?? 0) + 1,
      tier: tierOf(input, before, policies.length > 0, this.defaultTier),
      ...(type === "SecureString" && { keyId }),
      policies,
      tags: before?.tags ?? new Map(input.tags),
      modifiedAt: now,
    };
    this.#parameters.set(parameter.name, parameter);
    this.#endAt(parameter);
    return parameter;
  }

  find(name: string): Parameter | undefined {
    return this.#parameters.get(name);
  }

  /** @throws {AwsError} ParameterNotFound. */
  get(name: string): Parameter {
    const parameter = this.find(name);
    if (parameter) return parameter;
    throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
  }

  list(): Parameter[] {
    return [...this.#parameters.values()];
  }

  /** @returns whether there was one. */
  delete(name: string): boolean {
    this.#ends.get(name)?.();
    this.#ends.delete(name);
    return this.#parameters.delete(name);
  }

  /** @throws {AwsError} InvalidResourceId when there is no such parameter. */
  tag(name: string, tags: ReadonlyMap<string, string>): void {
    const parameter = this.find(name);
    if (!parameter) throw new AwsError("InvalidResourceId", "The resource ID isn't valid.");
    const all = new Map([...parameter.tags, ...tags]);
    this.#parameters.set(name, { ...parameter, tags: all });
  }

  #endAt({ name, policies }: Parameter): void {
    this.#ends.get(name)?.();
    const end = expiresAt(policies);
    if (!end) return;
    const scan = plusSeconds(end, SCAN_SECONDS);
    this.#ends.set(
      name,
      this.#context.clock.at(scan, () => this.delete(name)),
    );
  }
}

/** A parameter's value as it is read: a SecureString's is unreadable unless it is decrypted. */
export function readValue({ type, value, keyId }: Parameter, withDecryption: boolean): string {
  if (type !== "SecureString" || withDecryption) return value;
  return `AQICAH${createHash("sha256").update(`${keyId} ${value}`).digest("base64")}`;
}
