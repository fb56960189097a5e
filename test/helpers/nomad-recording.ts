import { readFileSync } from "node:fs";
import type { HttpAnswer, Transport } from "../../lambdas/clients/http/exchange.ts";

/** A request to a real Nomad 2.0 and what it answered. */
export interface Exchange {
  readonly name: string;
  readonly at: number;
  readonly request: {
    readonly method: "GET" | "POST" | "DELETE";
    readonly path: string;
    readonly query: Readonly<Record<string, string | number>>;
    readonly token: "management" | "scoped" | "none";
    readonly body: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** What was seen of a node over time; `at` counts the seconds since the recording began. */
export interface Timeline {
  readonly name: string;
  readonly timeline: readonly {
    readonly at: number;
    readonly node: {
      readonly Status: string;
      readonly LastDrain: string | null;
      readonly Drain: boolean;
    };
    /** Job id, start of the allocation id, desired and client status. */
    readonly allocations: readonly (readonly [string, string, string, string])[];
  }[];
}

type Recorded = Exchange | Timeline;

function recording(file: string): Recorded[] {
  const url = new URL(`../fixtures/nomad/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Recorded[];
}

export function exchanges(file: string): Exchange[] {
  return recording(file).filter((entry) => "request" in entry);
}

/** @throws when the recording has no such exchange. */
export function exchange(file: string, name: string): Exchange {
  const found = exchanges(file).find((entry) => entry.name === name);
  if (!found) throw new Error(`${file}.json has no exchange "${name}"`);
  return found;
}

/** @throws when the recording has no such timeline. */
export function timeline(file: string, name: string): Timeline {
  const found = recording(file).find((entry) => entry.name === name);
  if (!found || !("timeline" in found)) throw new Error(`${file}.json has no timeline "${name}"`);
  return found;
}

/** The answer as it came over the wire. */
export function answerOf({ response }: Exchange): HttpAnswer {
  const headers = Object.entries(response.headers).map(([name, v]) => [name.toLowerCase(), v]);
  const { status, body } = response;
  const isJson = response.headers["Content-Type"] === "application/json";
  return {
    status,
    headers: Object.fromEntries(headers),
    // JSON that was sent as text was recorded as JSON.
    body: isJson || typeof body !== "string" ? JSON.stringify(body) : body,
  };
}

/** A transport that gives this exchange's answer to everything. */
export function replay(entry: Exchange): Transport {
  return { address: "recording:", send: async () => answerOf(entry), close() {} };
}
