import type { HttpAnswer, HttpRequest } from "../../lambdas/clients/http/exchange.ts";
import type { AroundCall } from "./port-calls.ts";

/** Bad answers of a server, or of a proxy before it, that say back all they have heard. */
const SHAPES: readonly (readonly [number, (heard: string) => unknown])[] = [
  [400, (heard) => ({ errors: [heard] })],
  [403, (heard) => `Permission denied: ${heard}`],
  [404, (heard) => heard],
  [429, (heard) => ({ errors: [heard] })],
  [500, (heard) => `rpc error: ${heard}`],
  [200, (heard) => heard],
  [200, (heard) => ({ data: heard, auth: { client_token: heard }, SecretID: [heard] })],
];
/** A header that only says what a request is like. */
const PLAIN_HEADERS = /^(content-type|x-vault-namespace|x-vault-request)$/i;

/**
 * A server that answers all requests from the n-th on with an echo of it, one bad answer after the other, until
 * each was given.
 * @returns what is to stand around its requests; how many there were; and the tokens they came with.
 */
export function echoFrom(n: number) {
  const seen = { requests: 0, tokens: new Set<string>() };
  const requests: AroundCall = async <R>(
    carryOut: () => Promise<R>,
    args: readonly unknown[] = [],
  ) => {
    seen.requests += 1;
    const { headers = {}, path, body } = args[0] as HttpRequest;
    for (const [name, value] of Object.entries(headers)) {
      if (!PLAIN_HEADERS.test(name)) seen.tokens.add(value);
    }
    const shape = SHAPES[seen.requests - n];
    if (!shape) return carryOut();
    const [status, say] = shape;
    const said = say(`${JSON.stringify(headers)} ${path} ${body}`);
    const text = typeof said === "string" ? said : JSON.stringify(said);
    const answer: HttpAnswer = { status, headers: {}, body: text };
    return answer as R;
  };
  return { requests, seen };
}
