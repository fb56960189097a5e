import type { InstanceId } from "../../contracts/ids.ts";
import { inTurn } from "./in-turn.ts";
import type { Look } from "./look.ts";
import type { SurveyedInstance, SweepPorts } from "./ports.ts";

/** Instances whose names are asked for in one sweep: EC2 tells 5 KB of each. */
const MOST = 2_000;

/** What an instance is called. */
export type Host = Pick<SurveyedInstance, "id" | "hostName" | "address">;

/**
 * What instances are called where agents join under their host's name. It never changes, so that it is asked
 * for once an instance, and kept as long as the function instance lives.
 */
export class KnownHosts {
  readonly #hosts = new Map<InstanceId, Host>();

  /** Asks for those that are not known yet, some in each sweep. @returns those that are known by now. */
  async of(
    members: readonly InstanceId[],
    { instances, clock }: Pick<SweepPorts, "instances" | "clock">,
    look: Look,
  ): Promise<ReadonlyMap<InstanceId, Host>> {
    const current = new Set(members);
    for (const id of this.#hosts.keys()) if (!current.has(id)) this.#hosts.delete(id);
    const unknown = members.filter((id) => !this.#hosts.has(id));
    const ids = inTurn(unknown, MOST, clock.now());
    const found =
      ids.length > 0 ? await look("the names of EC2's instances", () => instances.byId(ids)) : [];
    for (const { id, hostName, address } of found ?? []) {
      if (hostName) this.#hosts.set(id, { id, hostName, address });
    }
    return this.#hosts;
  }
}
