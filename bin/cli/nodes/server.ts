import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { HttpRequest } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type * as z from "zod";
import { describeIssues } from "../../../lambdas/contracts/message.ts";
import { UserError } from "../failure.ts";
import type { ServerSettings } from "./server-settings.ts";

const TIMEOUT_MILLISECONDS = 10_000;
const TEXT_LIMIT = 200;

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
    return this.#parse(path, schema, await this.#get(path, query));
  }

  /** As `read`, of a thing that may be gone meanwhile. @returns undefined for a 404. */
  async find<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    const answer = await this.#get(path, {});
    return answer.status === 404 ? undefined : this.#parse(path, schema, answer).value;
  }

  close(): void {
    this.#handler.destroy();
  }

  #parse<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    { status, headers, body }: Answer,
  ): Reading<z.output<Schema>> {
    if (status !== 200) throw this.#refused(path, status, body);
    const result = schema.safeParse(parseJson(body));
    if (result.success) return { value: result.data, headers };
    const issues = clip(describeIssues(result.error));
    throw new UserError(`GET ${path}: can't read ${this.#settings.name}'s answer: ${issues}`);
  }

  async #get(path: string, query: Query): Promise<Answer> {
    const { address, token, tokenHeader, query: always } = this.#settings;
    const request = new HttpRequest({
      protocol: address.protocol,
      hostname: address.hostname,
      ...(address.port && { port: Number(address.port) }),
      path: address.pathname.replace(/\/$/, "") + path,
      query: { ...always, ...query },
      headers: token ? { [tokenHeader]: token } : {},
    });
    const abortSignal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    try {
      const { response } = await this.#handler.handle(request, { abortSignal });
      const { statusCode: status, headers } = response;
      return { status, headers, body: await text(response.body as Readable) };
    } catch (cause) {
      throw this.#silent(path, cause, abortSignal.aborted);
    }
  }

  #refused(path: string, status: number, body: string): UserError {
    const { name, token } = this.#settings;
    const said = clip(token ? body.replaceAll(token, "[token]") : body);
    const fix = status === 401 || status === 403 ? ` (${this.#tokenToSet()})` : "";
    return new UserError(`GET ${path}: ${name} answered ${status}: ${said}${fix}`);
  }

  #tokenToSet(): string {
    const { token, tokenVariable, needs } = this.#settings;
    return token
      ? `the token in ${tokenVariable} is unknown, expired or lacks ${needs}`
      : `set ${tokenVariable} to a token with ${needs}`;
  }

  #silent(path: string, cause: unknown, isTimeout: boolean): UserError {
    const { address, addressVariable } = this.#settings;
    const reason = isTimeout ? `no answer within ${TIMEOUT_MILLISECONDS / 1_000} s` : said(cause);
    return new UserError(
      `GET ${path}: ${address.origin}: ${reason} (is the address in ${addressVariable} right?)`,
      { cause },
    );
  }
}

/** Node gives an error about several addresses an empty message and only a code. */
function said(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
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

function clip(words: string): string {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > TEXT_LIMIT ? `${line.slice(0, TEXT_LIMIT)}…` : line;
}
