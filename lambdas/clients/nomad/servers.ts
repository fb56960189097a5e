import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { NomadServer } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";

export const AUTOPILOT_PATH = "/v1/operator/autopilot/health";

const Health = z.object({
  Servers: z
    .array(
      z
        .object({
          Name: z.string(),
          Address: z.string(),
          Healthy: z.boolean(),
          Voter: z.boolean(),
          Leader: z.boolean(),
          LastTerm: z.number().int().default(0),
        })
        .transform(
          (server): NomadServer => ({
            name: server.Name,
            address: server.Address,
            healthy: server.Healthy,
            voter: server.Voter,
            leader: server.Leader,
            term: server.LastTerm,
          }),
        ),
    )
    .nullish(),
});

/** @throws {PortError} `unavailable` too when a new leader has not looked at its servers yet. */
export async function readServers(http: ApiHttp): Promise<NomadServer[]> {
  const found = await http.read({ method: "GET", path: AUTOPILOT_PATH }, Health);
  const servers = found?.value.Servers ?? [];
  if (servers.length > 0) return servers;
  throw new PortError(
    "nomad",
    "unavailable",
    `GET ${AUTOPILOT_PATH}: Nomad's autopilot knows no servers yet. It does a moment after the leader has changed`,
  );
}
