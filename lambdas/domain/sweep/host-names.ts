import type { InstanceId } from "../../contracts/ids.ts";
import type { Host } from "./known-hosts.ts";

/** Finds an instance by what its host is called, or by its address. */
export type FindByHost = (...names: readonly string[]) => InstanceId | undefined;

/** The names under which the agents of an instance can join: its private DNS name, and the first label. */
export function hostNamesOf({ hostName }: Host): string[] {
  return hostName ? [...new Set([hostName, hostName.split(".")[0] ?? hostName])] : [];
}

/** What two instances are called names neither: networks can hold the same addresses. */
export function findByHost(instances: Iterable<Host>): FindByHost {
  const byName = new Map<string, InstanceId | undefined>();
  for (const instance of instances) {
    const names = [...hostNamesOf(instance), ...(instance.address ? [instance.address] : [])];
    for (const name of names) byName.set(name, byName.has(name) ? undefined : instance.id);
  }
  return (...names) => names.map((name) => byName.get(name)).find((id) => id !== undefined);
}
