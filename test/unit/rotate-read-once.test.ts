import { expect, it } from "vitest";
import type { Value } from "../../lambdas/domain/rotate/kind.ts";
import type { SecretVersions } from "../../lambdas/domain/rotate/ports.ts";
import { readOnce } from "../../lambdas/domain/rotate/read-once.ts";

const SECRET = "nomad/vault-token";
const OLD = { token: "s.old" };
const NEW = { token: "s.new" };

/** A secret, and what is asked of it. */
class OneSecret implements SecretVersions {
  readonly asked: string[] = [];
  readonly values = new Map<string, Value>([["old", OLD]]);
  current = "old";
  pending: string | undefined;
  /** The answer to the next change gets lost: it is made all the same. */
  losesAnswer = false;

  async versions() {
    this.asked.push("versions");
    return { current: this.current, pending: this.pending };
  }
  async value(_secret: string, version: string) {
    this.asked.push(`value ${version}`);
    return this.values.get(version);
  }
  async putNothing() {
    this.current = "nothing";
    this.values.set("nothing", {});
    this.#answer();
  }
  async putPending(_secret: string, version: string, value: Value) {
    this.pending = version;
    this.values.set(version, value);
    this.#answer();
  }
  async promote(_secret: string, version: string) {
    this.current = version;
    this.pending = undefined;
    this.#answer();
  }
  async dropPending() {
    this.pending = undefined;
    this.#answer();
  }
  #answer(): void {
    if (this.losesAnswer) throw new Error("no answer");
  }
}

it("asks once for what can't have changed", async () => {
  const secret = new OneSecret();
  const once = readOnce(secret);
  for (const _time of ["first", "second"]) {
    expect(await once.versions(SECRET)).toEqual({ current: "old", pending: undefined });
    expect(await once.value(SECRET, "old")).toBe(OLD);
  }
  await once.putPending(SECRET, "new", NEW);
  expect(await once.value(SECRET, "new")).toBe(NEW);
  expect(secret.asked).toEqual(["versions", "value old"]);
});

it("asks again for a value that was not there", async () => {
  const secret = new OneSecret();
  const once = readOnce(secret);
  expect(await once.value(SECRET, "new")).toBeUndefined();
  secret.values.set("new", NEW);
  expect(await once.value(SECRET, "new")).toBe(NEW);
});

it.each(["putNothing", "putPending", "promote", "dropPending"] as const)(
  "asks again which version is what after %s, also when its answer got lost",
  async (change) => {
    const secret = new OneSecret();
    const once = readOnce(secret);
    const act = () => once[change](SECRET, "new", NEW);
    await once.versions(SECRET);
    await act();
    expect(await once.versions(SECRET)).toEqual({
      current: secret.current,
      pending: secret.pending,
    });
    secret.losesAnswer = true;
    secret.current = "old";
    await expect(act()).rejects.toThrow("no answer");
    expect(await once.versions(SECRET)).toEqual({
      current: secret.current,
      pending: secret.pending,
    });
    expect(secret.asked).toEqual(["versions", "versions", "versions"]);
  },
);

it("takes no value for stored whose storing failed", async () => {
  const secret = new OneSecret();
  const once = readOnce(secret);
  secret.losesAnswer = true;
  await expect(once.putPending(SECRET, "new", NEW)).rejects.toThrow("no answer");
  secret.values.delete("new");
  expect(await once.value(SECRET, "new")).toBeUndefined();
});
