import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import dynalite from "dynalite";

/** Answers a request of DynamoDB's, whose body was read before. */
export type DynamoDb = (request: IncomingMessage, body: string, response: ServerResponse) => void;

/** DynamoDB in memory: dynalite, which speaks the real protocol. */
export function createDynamoDb(): DynamoDb {
  const server = dynalite({ createTableMs: 0 });
  return ({ method, url, headers }, body, response) => {
    // dynalite throws when a client goes away in the middle, so it gets the body from memory.
    const request = Object.assign(Readable.from([Buffer.from(body)]), { method, url, headers });
    server.emit("request", request, response);
  };
}
