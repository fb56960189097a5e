import * as z from "zod";
import { SERF_HEALTH } from "../../domain/ports/consul.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { EntryFields } from "./catalog-entry.ts";
import { assertNoneHidden } from "./hidden.ts";

/** An entry of the catalog as far as a list tells. */
export interface ListedEntry {
  readonly name: string;
  /** Null for an entry that was registered without one: no agent made it. */
  readonly id: string | null;
  readonly address: string;
  readonly meta: Readonly<Record<string, string>>;
}

const Entries = z.array(
  EntryFields.pick({ ID: true, Node: true, Address: true, Meta: true }).transform(
    (entry): ListedEntry => ({
      name: entry.Node,
      id: entry.ID || null,
      address: entry.Address,
      meta: entry.Meta ?? {},
    }),
  ),
);

const FailingChecks = z.array(z.object({ Node: z.string() }));

/**
 * All nodes of the catalog, in one answer: Consul has no pages.
 * @throws {PortError} `denied` too when some were left out because the token may not read them.
 */
export async function listCatalogNodes(http: ApiHttp): Promise<ListedEntry[]> {
  const call = { method: "GET", path: "/v1/catalog/nodes" } as const;
  const found = await http.read(call, Entries);
  await assertNoneHidden(http, call, found?.answer);
  return found?.value ?? [];
}

/**
 * The names of the nodes whose agent Serf calls failed.
 * @throws {PortError} `denied` too when some were left out because the token may not read them.
 */
export async function listFailing(http: ApiHttp): Promise<Set<string>> {
  const call = { method: "GET", path: "/v1/health/state/critical" } as const;
  const query = { filter: `CheckID == ${JSON.stringify(SERF_HEALTH)}` };
  const found = await http.read({ ...call, query }, FailingChecks);
  await assertNoneHidden(http, call, found?.answer);
  return new Set(found?.value.map(({ Node }) => Node));
}

/** The leader's RPC address; undefined when there is none. */
export async function leader(http: ApiHttp): Promise<string | undefined> {
  const found = await http.read({ method: "GET", path: "/v1/status/leader" }, z.string());
  return found?.value || undefined;
}
