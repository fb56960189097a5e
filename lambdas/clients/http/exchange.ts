/** A request as the transports see it: the path holds the query, encoded. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text that is sent as it is. */
  readonly body?: string;
}

/** An answer that came in whole. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries a request to one server and brings the whole answer back. */
export interface Transport {
  /** Where the requests go; for messages. */
  readonly address: string;
  /**
   * Sends a request and reads the answer to its end, whatever its status.
   * @param timeoutMilliseconds for all of it: waiting for a socket, connecting, sending, reading.
   * @throws {NoAnswer} when no whole answer came in time.
   */
  send(request: HttpRequest, timeoutMilliseconds?: number): Promise<HttpAnswer>;
  /** Closes the connections. */
  close(): void;
}

/** The server gave no (whole) answer: refused, reset, not found by name, bad TLS, or too slow. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}
