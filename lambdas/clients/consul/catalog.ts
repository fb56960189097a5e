import type { ApiHttp } from "../http/api-http.ts";
import { type CatalogEntry, EntryReading, entryIn } from "./catalog-entry.ts";
import { type CatalogCheck, ChecksReading } from "./check-reading.ts";
import { assertNotHidden } from "./hidden.ts";

/** Reads and writes of the catalog, a node at a time. */
export class Catalog {
  readonly #http: ApiHttp;
  readonly #datacenter: string | undefined;

  constructor(http: ApiHttp, datacenter: string | undefined) {
    this.#http = http;
    this.#datacenter = datacenter;
  }

  async entry(name: string): Promise<CatalogEntry | undefined> {
    const call = { method: "GET", path: `/v1/catalog/node/${encodeURIComponent(name)}` } as const;
    const found = await this.#http.read(call, EntryReading);
    const entry = entryIn(found?.value);
    if (!entry) await assertNotHidden(this.#http, call, name, found?.answer);
    return entry;
  }

  async checks(name: string): Promise<CatalogCheck[]> {
    const call = { method: "GET", path: `/v1/health/node/${encodeURIComponent(name)}` } as const;
    const found = await this.#http.read(call, ChecksReading);
    const checks = found?.value ?? [];
    if (checks.length === 0) await assertNotHidden(this.#http, call, name, found?.answer);
    return checks;
  }

  /** Writes what is named and leaves the rest of the node as it is. */
  register(registration: { readonly Node: string } & Record<string, unknown>): Promise<void> {
    return this.#put("/v1/catalog/register", registration);
  }

  /** Takes out a node, or the service or check of it that is named. */
  deregister(what: {
    readonly Node: string;
    readonly ServiceID?: string;
    readonly CheckID?: string;
  }): Promise<void> {
    return this.#put("/v1/catalog/deregister", what);
  }

  async #put(path: string, body: object): Promise<void> {
    // These two calls take the datacenter from the body alone.
    const whole = { ...body, ...(this.#datacenter && { Datacenter: this.#datacenter }) };
    await this.#http.send({ method: "PUT", path, body: whole, repeatable: true });
  }
}
