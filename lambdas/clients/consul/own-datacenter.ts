import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { toldOnce } from "../http/told-once.ts";

const Self = z.object({ Config: z.object({ Datacenter: z.string().min(1) }) });

/** The datacenter of the server that answers; asked for until it has been told once. */
export function createOwnDatacenter(http: ApiHttp): () => Promise<string> {
  return toldOnce(async () => {
    const path = "/v1/agent/self";
    const self = await http.read({ method: "GET", path }, Self);
    if (!self) throw new PortError("consul", "invalid", `GET ${path}: Consul has no agent`);
    return self.value.Config.Datacenter;
  });
}
