import * as z from "zod";
import type { ConsulCheck } from "../../domain/ports/consul.ts";

/** A status that a newer Consul may have is not passing. */
const Status = z.string().pipe(z.enum(["passing", "warning", "critical"]).catch("critical"));

const Definition = z
  .object({
    HTTP: z.string().nullish(),
    TCP: z.string().nullish(),
    Interval: z.string().nullish(),
    Timeout: z.string().nullish(),
  })
  .nullish();

/** The fields of `GET /v1/health/node/:name` that are read. */
export const ChecksReading = z.array(
  z.object({
    CheckID: z.string(),
    Name: z.string(),
    Status,
    Output: z.string().default(""),
    ServiceID: z.string().nullish(),
    Definition,
  }),
);

/** A check of the catalog as Consul has it. */
export type CatalogCheck = z.infer<typeof ChecksReading>[number];

/** The check, as the domain wants it. */
export function checkOf(check: CatalogCheck): ConsulCheck {
  return {
    id: check.CheckID,
    name: check.Name,
    status: isMaintenance(check.CheckID) ? "maintenance" : check.Status,
    serviceId: check.ServiceID || null,
    output: check.Output,
  };
}

/** Maintenance is a critical check of a reserved id. */
function isMaintenance(checkId: string): boolean {
  return checkId === "_node_maintenance" || checkId.startsWith("_service_maintenance:");
}
