import { isDeepStrictEqual } from "node:util";
import {
  type ConsulService,
  type ExternalRegistration,
  SERF_HEALTH,
} from "../../domain/ports/consul.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Catalog } from "./catalog.ts";
import { type CatalogEntry, nodeOf } from "./catalog-entry.ts";
import type { CatalogCheck } from "./check-reading.ts";

/** The id of the one check that Drover gives an external node. */
const CHECK_ID = "drover-probe";
/** Metadata of a node without an agent. */
export const EXTERNAL_NODE = "external-node";
/** What consul-esm looks for. */
const EXTERNAL_META = { [EXTERNAL_NODE]: "true", "external-probe": "true" };

/**
 * Makes the entry of an external node as described, by as few writes as it takes: none when it is
 * so already. A check that is as described is left alone, with the status consul-esm gave it.
 * @throws {PortError} `invalid` when the name is that of a node with an agent.
 */
export async function registerExternal(
  catalog: Catalog,
  registration: ExternalRegistration,
): Promise<void> {
  const { name: Node, address: Address } = registration;
  const [entry, checks] = await Promise.all([catalog.entry(Node), catalog.checks(Node)]);
  assertNoAgent(Node, entry, checks);

  const meta = { ...registration.meta, ...EXTERNAL_META };
  const before = entry && nodeOf(entry);
  if (before?.address !== Address || !isDeepStrictEqual(before.meta, meta)) {
    await catalog.register({ Node, Address, ...(entry?.ID && { ID: entry.ID }), NodeMeta: meta });
  }

  const services = new Map((before?.services ?? []).map((service) => [service.id, service]));
  for (const service of registration.services) {
    if (!isDeepStrictEqual(services.get(service.id), plain(service))) {
      await catalog.register({ Node, SkipNodeUpdate: true, Service: serviceBody(service) });
    }
    services.delete(service.id);
  }
  for (const ServiceID of services.keys()) await catalog.deregister({ Node, ServiceID });

  await makeCheck(catalog, registration, checks);
}

async function makeCheck(
  catalog: Catalog,
  { name: Node, check }: ExternalRegistration,
  checks: readonly CatalogCheck[],
): Promise<void> {
  const old = checks.find(({ CheckID }) => CheckID === CHECK_ID);
  if (!check) {
    if (old) await catalog.deregister({ Node, CheckID: CHECK_ID });
    return;
  }
  const definition = definitionOf(check);
  if (old && isSame(old.Definition, definition)) return;
  const Check = {
    CheckID: CHECK_ID,
    Name: "Drover's probe of the node",
    // Critical until consul-esm has looked, as Consul's own checks are.
    Status: old?.Status ?? "critical",
    Output: old?.Output ?? "",
    Definition: definition,
  };
  await catalog.register({ Node, SkipNodeUpdate: true, Check });
}

/** Only an agent's entry has an id, or Serf's check: that is missing for up to a minute at times. */
function assertNoAgent(
  name: string,
  entry: CatalogEntry | undefined,
  checks: readonly CatalogCheck[],
): void {
  const isExternal = entry?.Meta?.[EXTERNAL_NODE] === "true";
  const hasSerf = checks.some(({ CheckID }) => CheckID === SERF_HEALTH);
  if (!hasSerf && (!entry?.ID || isExternal)) return;
  throw new PortError(
    "consul",
    "invalid",
    `PUT /v1/catalog/register: ${name} is the name of a node with a Consul agent, which registers itself; it is no external node`,
  );
}

type Probe = NonNullable<ExternalRegistration["check"]>;

function definitionOf({ probe, intervalSeconds, timeoutSeconds }: Probe) {
  return {
    ...("http" in probe ? { HTTP: probe.http } : { TCP: probe.tcp }),
    Interval: `${intervalSeconds}s`,
    Timeout: `${timeoutSeconds}s`,
  };
}

function isSame(old: CatalogCheck["Definition"], definition: ReturnType<typeof definitionOf>) {
  const wanted: CatalogCheck["Definition"] = definition;
  return (
    (old?.HTTP ?? "") === (wanted.HTTP ?? "") &&
    (old?.TCP ?? "") === (wanted.TCP ?? "") &&
    seconds(old?.Interval) === seconds(wanted.Interval) &&
    seconds(old?.Timeout) === seconds(wanted.Timeout)
  );
}

/** Consul gives a duration back in Go's way: `90s` as `1m30s`. */
function seconds(duration: string | null | undefined): number {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(duration ?? "");
  if (!parts) return Number.NaN;
  const [, hours = "0", minutes = "0", rest = "0"] = parts;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
}

function plain({ id, name, port, tags }: ConsulService): ConsulService {
  return { id, name, port, tags: [...tags] };
}

function serviceBody({ id, name, port, tags }: ConsulService) {
  return { ID: id, Service: name, Port: port, Tags: tags };
}
