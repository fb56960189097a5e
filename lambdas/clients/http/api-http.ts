import type * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { Api, NamedCall } from "./api.ts";
import { refused, Secrets, unanswered, unreadable } from "./api-error.ts";
import { type HttpAnswer, type HttpRequest, NoAnswer, type Transport } from "./exchange.ts";
import { type RetryOptions, retrying } from "./retry.ts";

/** Stays under a function's own time limit with room for what comes after. */
const RETRY: RetryOptions = { retries: 4, firstDelayMilliseconds: 200, totalMilliseconds: 6_000 };

export interface ApiHttpOptions {
  readonly transport: Transport;
  readonly requestTimeoutMilliseconds: number;
  /** The token; undefined when the servers ask for none. */
  readonly token: () => Promise<string | undefined>;
  /** Asked once after a 403: fetches the token anew, since its secret may have been rotated. */
  readonly refreshToken?: () => Promise<string | undefined>;
  /** Put into the query of every call. */
  readonly query?: Readonly<Record<string, string>>;
  /** Put into the headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry?: Partial<RetryOptions>;
}

/** A request to a server's HTTP API. */
export interface ApiCall extends NamedCall {
  readonly method: HttpRequest["method"];
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether doing it twice is the same as once, so that it may be tried again. GETs always may. */
  readonly repeatable?: boolean;
  /** Secrets in the path, the headers or the body, to keep out of messages. The token is kept out anyway. */
  readonly secrets?: readonly string[];
}

/**
 * Calls to the HTTP API of Nomad, Consul or Vault: with a token, tried again where that is safe,
 * and answers either whole or a `PortError`.
 */
export class ApiHttp {
  readonly #api: Api;
  readonly #options: ApiHttpOptions;

  constructor(api: Api, options: ApiHttpOptions) {
    this.#api = api;
    this.#options = options;
  }

  /**
   * @returns the answer, or undefined when the server does not know the thing asked for.
   * @throws {PortError} for everything else that is not a 2xx, and is not to be read as one.
   */
  async send(call: ApiCall): Promise<HttpAnswer | undefined> {
    const { requestTimeoutMilliseconds, retry } = this.#options;
    const limits = { ...RETRY, ...retry };
    const attempt = async (remaining: number) =>
      this.#withFreshToken(call, Math.min(requestTimeoutMilliseconds, remaining));
    if (call.method !== "GET" && !call.repeatable) return attempt(limits.totalMilliseconds);
    return retrying(attempt, isTransient, limits);
  }

  /** As `send`, and reads the answer by a schema. A 204 has nothing to read: undefined. */
  async read<Schema extends z.ZodType>(
    call: ApiCall,
    schema: Schema,
  ): Promise<{ value: z.infer<Schema>; answer: HttpAnswer } | undefined> {
    const answer = await this.send(call);
    if (!answer || answer.status === 204) return undefined;
    const result = schema.safeParse(this.#parseJson(call, answer.body));
    if (result.success) return { value: result.data, answer };
    const issue = result.error.issues[0];
    const field = issue?.path.join(".") || "the whole body";
    throw unreadable(this.#api, call, `${field}: ${issue?.message}`, result.error);
  }

  async #withFreshToken(call: ApiCall, timeout: number): Promise<HttpAnswer | undefined> {
    const { token, refreshToken } = this.#options;
    const used = await token();
    try {
      return await this.#once(call, used, timeout);
    } catch (error) {
      if (!refreshToken || !(error instanceof PortError) || error.kind !== "denied") throw error;
      const fresh = await refreshToken();
      if (fresh === used) throw error;
      return this.#once(call, fresh, timeout);
    }
  }

  async #once(
    call: ApiCall,
    token: string | undefined,
    timeout: number,
  ): Promise<HttpAnswer | undefined> {
    const secrets = new Secrets(token, call.secrets);
    const answer = await this.#options.transport
      .send(this.#request(call, token), timeout)
      .catch((error: unknown) => {
        throw error instanceof NoAnswer ? unanswered(this.#api, call, error, secrets) : error;
      });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const meaning = this.#api.meaningOf(answer.status, answer.body, call);
    if (meaning === "answer") return answer;
    if (meaning === "absent") return undefined;
    throw refused(this.#api, meaning, call, answer, secrets);
  }

  #request(call: ApiCall, token: string | undefined): HttpRequest {
    const query = new URLSearchParams({ ...call.query, ...this.#options.query }).toString();
    return {
      method: call.method,
      path: query ? `${call.path}?${query}` : call.path,
      headers: {
        ...(token && { [this.#api.tokenHeader]: token }),
        ...this.#options.headers,
        ...call.headers,
        ...(call.body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    };
  }

  #parseJson(call: NamedCall, body: string): unknown {
    try {
      return JSON.parse(body);
    } catch (error) {
      // JSON.parse quotes what it read, which may be a secret, so its error must go no further.
      if (!(error instanceof SyntaxError)) throw error;
      throw unreadable(this.#api, call, "it is not JSON");
    }
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof PortError && (error.kind === "unavailable" || error.kind === "throttled");
}
