import { ENVIRONMENT } from "../../../lambdas/contracts/names.ts";
import { connectTable } from "../connection.ts";
import { readInstances } from "./auto-scaling-reader.ts";
import { readConsul } from "./consul-reader.ts";
import { readNomad } from "./nomad-reader.ts";
import { readRecords } from "./record-reader.ts";
import { ask, heardFrom, type Said } from "./said.ts";
import { Server } from "./server.ts";
import { consulSettings, nomadSettings, type ServerSettings } from "./server-settings.ts";
import type { Sources } from "./views.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Asks all that is configured: the records first, since they spare Nomad questions. */
export async function readSources(
  table: string | undefined,
  variables: Variables,
): Promise<Sources> {
  const tableName = table ?? variables[ENVIRONMENT.table];
  const [records, autoScaling, consul] = await Promise.all([
    tableName ? ask(() => readRecords(connectTable(tableName))) : notAsked(ENVIRONMENT.table),
    ask(readInstances),
    askServer(() => consulSettings(variables), "CONSUL_HTTP_ADDR", readConsul),
  ]);
  const known = new Set<string>(
    heardFrom(records)?.flatMap(({ nomadNodeId }) => (nomadNodeId ? [nomadNodeId] : [])),
  );
  const nomad = await askServer(
    () => nomadSettings(variables),
    "NOMAD_ADDR",
    (server) => readNomad(server, known),
  );
  return { autoScaling, nomad, consul, records };
}

async function askServer<Value>(
  settings: () => ServerSettings | undefined,
  variable: string,
  read: (server: Server) => Promise<Value>,
): Promise<Said<Value>> {
  const asked = await ask(async () => {
    const found = settings();
    if (!found) return undefined;
    const server = new Server(found);
    try {
      return { value: await read(server) };
    } finally {
      server.close();
    }
  });
  if (asked.kind !== "said") return asked;
  return asked.value ? { kind: "said", value: asked.value.value } : notAsked(variable);
}

function notAsked(variable: string): Said<never> {
  return { kind: "not-asked", because: `${variable} is not set` };
}
