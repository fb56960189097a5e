import type { KeyPair } from "./certificate-authority.ts";
import { newKeyPair } from "./certificate-authority.ts";
import { PkiRefusal } from "./pki-refusal.ts";

const NAME = /^\w([\w.-]*\w)?$/;
const BITS: Readonly<Record<string, readonly number[]>> = {
  ec: [224, 256, 384, 521],
  rsa: [2_048, 3_072, 4_096, 8_192],
};

/** A key that never leaves its engine. */
export interface PkiKey {
  readonly id: string;
  readonly name: string;
  /** Of one of an issuer that was put there, the issuer knows it. */
  readonly pair?: KeyPair;
}

/** What is asked of a new key. */
export interface KeyWish {
  readonly name: string;
  readonly type: string;
  /** 0: as many as is usual. */
  readonly bits: number;
}

/** The keys of a PKI secrets engine. All are of P-256, whatever is asked for. */
export class PkiKeys {
  readonly #newId: () => string;
  readonly all = new Map<string, PkiKey>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Adds the key of an issuer that was put there. @returns its id. */
  add(): string {
    const id = this.#newId();
    this.all.set(id, { id, name: "" });
    return id;
  }

  /** @throws {PkiRefusal} */
  make({ name, type, bits }: KeyWish): PkiKey & { readonly pair: KeyPair } {
    checkName("key", name, [...this.all.values()]);
    const known = BITS[type];
    if (!known) throw new PkiRefusal(`unknown key type ${type}`);
    if (bits && !known.includes(bits)) {
      throw new PkiRefusal(`unsupported bit length for ${type.toUpperCase()} key: ${bits}`);
    }
    const key = { id: this.#newId(), name, pair: newKeyPair() };
    this.all.set(key.id, key);
    return key;
  }
}

/** No two have the same name; many have none. @throws {PkiRefusal} */
export function checkName(
  what: "key" | "issuer",
  name: string,
  all: readonly { readonly name: string }[],
): void {
  if (name === "") return;
  if (!NAME.test(name)) throw new PkiRefusal(`${what} name contained invalid characters`);
  if (all.some((each) => each.name === name)) {
    throw new PkiRefusal(`${what} name already in use`);
  }
}
