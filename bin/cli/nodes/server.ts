import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { HttpRequest } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type * as z from "zod";
import { describeIssues } from "../../../lambdas/contracts/message.ts";
import { refused, unanswered, unreadable } from "./server-error.ts";
import type { ServerSettings } from "./server-settings.ts";

const TIMEOUT_MILLISECONDS = 10_000;

type Query = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What was read, and the answer's headers by their names in lower case. */
export interface Reading<Value> {
  readonly value: Value;
  readonly headers: Readonly<Record<string, string>>;
}

/** Nomad's or Consul's servers, to read from. */
export class Server {
  readonly #settings: ServerSettings;
  readonly #handler: NodeHttpHandler;

  constructor(settings: ServerSettings) {
    this.#settings = settings;
    this.#handler = new NodeHttpHandler({
      httpAgent: new HttpAgent({ keepAlive: true }),
      httpsAgent: new HttpsAgent({ keepAlive: true, ...settings.tls }),
    });
  }

  /** Reads a path by a schema. @throws {UserError} for all that is not a readable 200. */
  async read<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    query: Query = {},
  ): Promise<Reading<z.output<Schema>>> {
    return this.#parse(path, schema, await this.#send("GET", path, query));
  }

  /** As `read`, of a thing that may be gone meanwhile. @returns undefined for a 404. */
  async find<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const answer = await this.#send("GET", path);
    return answer.status === 404 ? undefined : this.#parse(path, schema, answer).value;
  }

  /**
   * Asks a question that has to be posted.
   * @returns undefined when the server does not take it: 401 or 404.
   */
  async ask<Schema extends z.ZodType>(
    path: string,
    question: unknown,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const answer = await this.#send("POST", path, {}, JSON.stringify(question));
    const isRefused = answer.status === 401 || answer.status === 404;
    return isRefused ? undefined : this.#parse(path, schema, answer).value;
  }

  close(): void {
    this.#handler.destroy();
  }

  #parse<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    { status, headers, body }: Answer,
  ): Reading<z.output<Schema>> {
    if (status !== 200) throw refused(this.#settings, path, status, body);
    const result = schema.safeParse(parseJson(body));
    if (result.success) return { value: result.data, headers };
    throw unreadable(this.#settings, path, describeIssues(result.error));
  }

  async #send(
    method: "GET" | "POST",
    path: string,
    query: Query = {},
    body?: string,
  ): Promise<Answer> {
    const { address, token, tokenHeader, query: always } = this.#settings;
    const length = body === undefined ? undefined : `${Buffer.byteLength(body)}`;
    const request = new HttpRequest({
      method,
      protocol: address.protocol,
      hostname: address.hostname,
      ...(address.port && { port: Number(address.port) }),
      path: address.pathname.replace(/\/$/, "") + path,
      query: { ...always, ...query },
      headers: {
        ...(token && { [tokenHeader]: token }),
        ...(length && { "content-type": "application/json", "content-length": length }),
      },
      ...(body !== undefined && { body }),
    });
    const abortSignal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    try {
      const { response } = await this.#handler.handle(request, { abortSignal });
      const { statusCode: status, headers } = response;
      return { status, headers, body: await text(response.body as Readable) };
    } catch (cause) {
      const limit = `no answer within ${TIMEOUT_MILLISECONDS / 1_000} s`;
      throw unanswered(this.#settings, path, cause, abortSignal.aborted ? limit : undefined);
    }
  }
}

/** What is no JSON is no object either, and the schema says so. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
