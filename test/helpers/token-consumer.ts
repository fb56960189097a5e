import type { AwsModel } from "../../local/aws/aws-model.ts";
import { type Cancel, plusSeconds } from "../../local/clock.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import type { VaultModel } from "../../local/vault/model.ts";
import { READABLE_PATH } from "../../local/vault/rotation-setup.ts";

const USE_SECONDS = 1;
const RENEW_SECONDS = 60;

/**
 * A program that uses its token every second and renews it every minute, and reads the secret now and then:
 * not because somebody tells it to.
 */
export class TokenConsumer {
  /** What Vault has answered other than 200, with the second. */
  readonly refusals: string[] = [];
  calls = 0;
  token: string;
  readonly #vault: VaultModel;
  readonly #aws: AwsModel;
  readonly #secret: string;
  readonly #timers: Cancel[] = [];
  #isStopped = false;

  /** @param rereadSeconds from one reading of the secret to the next; Infinity: it never does. */
  constructor(vault: VaultModel, aws: AwsModel, secret: string, rereadSeconds = 30) {
    this.#vault = vault;
    this.#aws = aws;
    this.#secret = secret;
    this.token = this.#read();
    this.#every(USE_SECONDS, () => this.#use("GET", READABLE_PATH));
    this.#every(RENEW_SECONDS, () => this.#use("POST", "auth/token/renew-self"));
    if (Number.isFinite(rereadSeconds)) {
      this.#every(rereadSeconds, () => {
        this.token = this.#read();
      });
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
  }

  #read(): string {
    const { value } = this.#aws.secrets.get(this.#secret);
    return value.startsWith("{") ? JSON.parse(value).token : value;
  }

  async #use(method: "GET" | "POST", path: string): Promise<void> {
    const headers = { "X-Vault-Token": this.token };
    const body = method === "POST" ? { body: "{}" } : {};
    const answer = await inProcessVault(this.#vault)
      .send({ method, path: `/v1/${path}`, headers, ...body })
      .catch((error: unknown) => ({ status: String(error) }));
    this.calls += 1;
    if (answer.status !== 200) {
      this.refusals.push(`${this.#vault.clock.now().toISOString()} ${path}: ${answer.status}`);
    }
  }

  #every(seconds: number, action: () => unknown): void {
    const { clock } = this.#vault;
    const again = async () => {
      if (this.#isStopped) return;
      this.#timers.push(clock.at(plusSeconds(clock.now(), seconds), again));
      await action();
    };
    this.#timers.push(clock.at(plusSeconds(clock.now(), seconds), again));
  }
}
