import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import type { HttpRequest, Transport } from "../../lambdas/clients/http/exchange.ts";
import { createNodeTransport } from "../../lambdas/clients/http/node-transport.ts";
import { type Cancel, type ModelClock, plusSeconds } from "../clock.ts";

const USE_SECONDS = 1;

const Held = z.object({ token: z.string(), accessor: z.string() });
type Held = z.infer<typeof Held>;

/** What a secret holds. */
export function heldIn(text: string): Held {
  return Held.parse(JSON.parse(text));
}

export interface TokenConsumerOptions {
  readonly clock: ModelClock;
  /** Of the Vault that it uses. */
  readonly address: string;
  readonly secret: string;
  /** What it reads there each second. */
  readonly path: string;
  /** From one reading of the secret to the next, and from one renewal to the next. */
  readonly rereadSeconds: number;
  /** Hears what it holds from now on. */
  readonly onChange: (accessor: string) => void;
  /** Hears that it could not do what it wanted to. */
  readonly onRefusal: (why: string) => void;
}

/**
 * A program that uses a token of Vault each second. Now and then it reads its secret, whether or not there is
 * something new in it, and renews what it holds. Nobody tells it to.
 */
export class TokenConsumer {
  /** How often it has used its token. */
  calls = 0;
  /** What it was answered other than 200, and what broke it. */
  readonly refusals: string[] = [];
  readonly #options: TokenConsumerOptions;
  readonly #vault: Transport;
  readonly #secrets = new SecretsManagerClient({});
  readonly #timers = new Set<Cancel>();
  #held: Held | undefined;
  #isStopped = false;

  constructor(options: TokenConsumerOptions) {
    this.#options = options;
    const { address } = options;
    this.#vault = createNodeTransport({ address, requestTimeoutSeconds: 2, maxSockets: 2 });
  }

  /** Reads its first token, and uses it from now on. */
  async start(): Promise<void> {
    await this.#reread();
    this.#every(USE_SECONDS, () => this.#use());
    this.#every(this.#options.rereadSeconds, () => this.#reread());
  }

  /** What it would be answered with another token. */
  async statusWith(token: string): Promise<number> {
    return this.#send("GET", this.#options.path, token);
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    this.#vault.close();
    this.#secrets.destroy();
  }

  async #use(): Promise<void> {
    this.calls += 1;
    await this.#call("GET", this.#options.path);
  }

  async #reread(): Promise<void> {
    const { secret, onChange } = this.#options;
    const command = new GetSecretValueCommand({ SecretId: secret });
    const { SecretString = "" } = await this.#secrets.send(command);
    const read = heldIn(SecretString);
    const isNew = read.token !== this.#held?.token;
    this.#held = read;
    await this.#call("POST", "auth/token/renew-self");
    if (isNew) onChange(read.accessor);
  }

  async #call(method: HttpRequest["method"], path: string): Promise<void> {
    const status = await this.#send(method, path, this.#held?.token ?? "");
    if (status !== 200) this.#refused(`${method} ${path} was answered ${status}`);
  }

  async #send(method: HttpRequest["method"], path: string, token: string): Promise<number> {
    const headers = { "X-Vault-Token": token };
    const body = method === "POST" ? { body: "{}" } : {};
    const { status } = await this.#vault.send({ method, path: `/v1/${path}`, headers, ...body });
    return status;
  }

  #refused(why: string): void {
    this.refusals.push(why);
    this.#options.onRefusal(why);
  }

  /** At a steady pace, however long an answer takes. */
  #every(seconds: number, act: () => Promise<void>): void {
    const { clock } = this.#options;
    const next = () => {
      const cancel = clock.at(plusSeconds(clock.now(), seconds), () => {
        this.#timers.delete(cancel);
        next();
        act().catch((error: unknown) => {
          if (!this.#isStopped) this.#refused(String(error));
        });
      });
      this.#timers.add(cancel);
    };
    next();
  }
}
