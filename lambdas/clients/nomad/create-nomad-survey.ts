import type { NomadSurvey, SurveyedNode } from "../../domain/sweep/ports.ts";
import { openApi } from "../http/api-client.ts";
import type { NomadOptions } from "./create-nomad.ts";
import { createFindNodes } from "./find-nodes.ts";
import { listNodes } from "./list-nodes.ts";
import { readPlace } from "./node-place.ts";
import { readNode } from "./node-reading.ts";
import { NOMAD } from "./nomad-api.ts";
import { readServers } from "./servers.ts";

/**
 * Nomad as the sweep looks at it, over its HTTP API. It only reads; reads are tried again as
 * `createNomad`'s are.
 * @returns the port, and `close` for its connections.
 */
export function createNomadSurvey(
  options: Omit<NomadOptions, "now">,
): NomadSurvey & { close(): void } {
  const { region } = options;
  const { http, close } = openApi(NOMAD, options, { ...(region && { query: { region } }) });
  const findNodes = createFindNodes(http, (id) => readNode(http, id));
  return {
    async nodes() {
      const nodes: SurveyedNode[] = [];
      for await (const page of listNodes(http)) nodes.push(...page);
      return nodes;
    },
    place: (id) => readPlace(http, id),
    async hasNodeOn(id, hostNames) {
      const found = await findNodes(id, hostNames);
      return found.length > 0;
    },
    servers: () => readServers(http),
    close,
  };
}
