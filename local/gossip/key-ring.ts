/** In bytes: AES-128, -192 and -256. */
const KEY_SIZES = [16, 24, 32];

/** The gossip keys of one agent. Refusals are in the words of Serf. */
export class KeyRing {
  #keys: string[];

  /** @param primary its only key, of its configuration. */
  constructor(primary: string) {
    this.#keys = [primary];
  }

  /** The primary one, which it encrypts with, first. It decrypts with all. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  /** @returns why it refuses. */
  install(key: string): string | undefined {
    const bytes = Buffer.from(key, "base64").length;
    if (!KEY_SIZES.includes(bytes)) return "key size must be 16, 24 or 32 bytes";
    if (!this.#keys.includes(key)) this.#keys.push(key);
    return undefined;
  }

  use(key: string): string | undefined {
    if (!this.#keys.includes(key)) return "Requested key is not in the keyring";
    this.#keys = [key, ...this.#keys.filter((other) => other !== key)];
    return undefined;
  }

  remove(key: string): string | undefined {
    if (this.#keys[0] === key) return "Removing the primary key is not allowed";
    this.#keys = this.#keys.filter((other) => other !== key);
    return undefined;
  }
}
