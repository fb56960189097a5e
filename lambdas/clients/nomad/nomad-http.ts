import type * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import { type HttpAnswer, type HttpRequest, NoAnswer, type Transport } from "../http/exchange.ts";
import { type RetryOptions, retrying } from "../http/retry.ts";
import { type NamedCall, refused, unanswered, unreadable } from "./nomad-error.ts";
import { meaningOf } from "./status-table.ts";

/** Stays under a function's own time limit with room for what comes after. */
const RETRY: RetryOptions = { retries: 4, firstDelayMilliseconds: 200, totalMilliseconds: 12_000 };

export interface NomadHttpOptions {
  readonly transport: Transport;
  readonly requestTimeoutMilliseconds: number;
  readonly region?: string;
  /** The ACL token; undefined when Nomad runs without ACLs. */
  readonly token: () => Promise<string | undefined>;
  /** Asked once after a 403: fetches the token anew, since its secret may have been rotated. */
  readonly refreshToken?: () => Promise<string | undefined>;
  readonly retry?: Partial<RetryOptions>;
}

/** A request to Nomad's HTTP API. */
export interface NomadCall extends NamedCall {
  readonly method: "GET" | "POST";
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether doing it twice is the same as once, so that it may be tried again. GETs always may. */
  readonly repeatable?: boolean;
}

/**
 * Calls to Nomad: with token and region, tried again where that is safe, and answers either
 * whole or a `PortError`.
 */
export class NomadHttp {
  readonly #options: NomadHttpOptions;

  constructor(options: NomadHttpOptions) {
    this.#options = options;
  }

  /**
   * @returns the answer, or undefined when Nomad does not know the thing asked for.
   * @throws {PortError} for everything else that is not a 2xx.
   */
  async send(call: NomadCall): Promise<HttpAnswer | undefined> {
    const { requestTimeoutMilliseconds, retry } = this.#options;
    const limits = { ...RETRY, ...retry };
    const attempt = async (remaining: number) =>
      this.#withFreshToken(call, Math.min(requestTimeoutMilliseconds, remaining));
    if (call.method !== "GET" && !call.repeatable) return attempt(limits.totalMilliseconds);
    return retrying(attempt, isTransient, limits);
  }

  /** As `send`, and reads the answer by a schema. */
  async read<Schema extends z.ZodType>(
    call: NomadCall,
    schema: Schema,
  ): Promise<{ value: z.infer<Schema>; answer: HttpAnswer } | undefined> {
    const answer = await this.send(call);
    if (!answer) return undefined;
    const result = schema.safeParse(parseJson(call, answer.body));
    if (result.success) return { value: result.data, answer };
    const issue = result.error.issues[0];
    const field = issue?.path.join(".") || "the whole body";
    throw unreadable(call, `${field}: ${issue?.message}`, result.error);
  }

  async #withFreshToken(call: NomadCall, timeout: number): Promise<HttpAnswer | undefined> {
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
    call: NomadCall,
    token: string | undefined,
    timeout: number,
  ): Promise<HttpAnswer | undefined> {
    const answer = await this.#options.transport
      .send(this.#request(call, token), timeout)
      .catch((error: unknown) => {
        throw error instanceof NoAnswer ? unanswered(call, error, token) : error;
      });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const meaning = meaningOf(answer.status, answer.body);
    if (meaning === "absent") return undefined;
    throw refused(meaning, call, answer, token);
  }

  #request(call: NomadCall, token: string | undefined): HttpRequest {
    const { region } = this.#options;
    const query = new URLSearchParams({ ...call.query, ...(region && { region }) }).toString();
    return {
      method: call.method,
      path: query ? `${call.path}?${query}` : call.path,
      headers: {
        ...(token && { "X-Nomad-Token": token }),
        ...(call.body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    };
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof PortError && (error.kind === "unavailable" || error.kind === "throttled");
}

function parseJson(call: NomadCall, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unreadable(call, "it is not JSON", cause);
  }
}
