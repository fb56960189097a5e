import * as z from "zod";
import type { ConsulNode } from "../../domain/ports/consul.ts";

const Texts = z.record(z.string(), z.string()).nullish();

const Service = z.object({
  ID: z.string(),
  Service: z.string(),
  Port: z.number().int().default(0),
  Tags: z.array(z.string()).nullish(),
});

/** The fields of an entry that are read. */
export const EntryFields = z.object({
  ID: z.string().nullish(),
  Node: z.string(),
  Address: z.string(),
  Datacenter: z.string(),
  TaggedAddresses: Texts,
  Meta: Texts,
});

/** The fields of `GET /v1/catalog/node/:name` that are read: null for a node that is not there. */
export const EntryReading = z
  .object({ Node: EntryFields.nullish(), Services: z.record(z.string(), Service).nullish() })
  .nullish();

/** An entry of the catalog as Consul has it. */
export type CatalogEntry = z.infer<typeof EntryFields> & {
  readonly Services: readonly z.infer<typeof Service>[];
};

/** The entry in an answer, or undefined when there is none. */
export function entryIn(answer: z.infer<typeof EntryReading>): CatalogEntry | undefined {
  // A node without a name is how some versions say that there is none.
  if (!answer?.Node?.Node) return undefined;
  return { ...answer.Node, Services: Object.values(answer.Services ?? {}) };
}

/** The entry, as the domain wants it. */
export function nodeOf(entry: CatalogEntry): ConsulNode {
  return {
    name: entry.Node,
    id: entry.ID || null,
    address: entry.Address,
    datacenter: entry.Datacenter,
    meta: entry.Meta ?? {},
    services: entry.Services.map(({ ID, Service, Port, Tags }) => ({
      id: ID,
      name: Service,
      port: Port,
      tags: Tags ?? [],
    })),
  };
}
