import { readdirSync, readFileSync } from "node:fs";
import { busEntry } from "../../bin/cli/bus-entry.ts";
import { eventToPut } from "../../bin/cli/event-to-put.ts";
import type { ModelCluster } from "../../local/model-cluster.ts";

const SAMPLES = new URL("../../examples/events/", import.meta.url);
const BUS = "drover";

/** Fields by their path, as `--set` takes them. */
export type Fields = Readonly<Record<string, string>>;

/** The files of `examples/events`. */
export const SAMPLE_FILES: readonly string[] = readdirSync(SAMPLES).sort();

/**
 * Puts a sample as `drover put-event examples/events/<file> --now --set …` does: changed and checked by the
 * CLI's own code, wrapped for replay, on Drover's bus.
 * @throws {UserError} as the CLI does.
 */
export function putSample(
  { aws }: ModelCluster,
  file: string,
  fields: Fields,
  check: boolean,
): void {
  const set = Object.entries(fields).map(([path, value]) => `${path}=${value}`);
  const event = eventToPut(readSample(file), file, { now: true, set, check }, aws.clock.now());
  const { Source = "", DetailType = "", Detail = "" } = busEntry(event, BUS);
  const entry = { bus: BUS, source: Source, detailType: DetailType, detail: Detail };
  const [result] = aws.eventBridge.putEvents([entry]);
  if (!result || "code" in result) throw new Error(`the bus refused it: ${result?.message}`);
}

/** AWS's own events of the samples' kinds get lost from now on. */
export function loseTheirLike({ aws }: ModelCluster): void {
  const types = new Set(SAMPLE_FILES.map((file) => readSample(file)["detail-type"]));
  aws.eventBridge.delivery = (event) => (types.has(event["detail-type"]) ? [] : [0]);
}

function readSample(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(file, SAMPLES), "utf8"));
}
