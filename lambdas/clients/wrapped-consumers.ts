import type { Wrapped } from "../contracts/config/wrapped.ts";
import type { NodeId } from "../contracts/ids.ts";
import type { Clock } from "../domain/ports/clock.ts";
import { PortError } from "../domain/ports/errors.ts";
import type { Value } from "../domain/rotate/kind.ts";
import type { Consumers } from "../domain/rotate/ports.ts";
import type { Answer } from "../domain/rotate/record.ts";
import type { MachineParameters } from "./aws/machine-parameters.ts";
import type { Wrappings } from "./vault/rotate/wrappings.ts";

const UNOPENED = "it has not opened its wrapping";

/** By what wrapped secret ids get to their machines. */
export interface WrappedThrough {
  readonly wrappings: Wrappings;
  readonly parameters: MachineParameters;
  readonly members: (groups: readonly string[]) => Promise<readonly NodeId[]>;
  readonly clock: Clock;
}

/**
 * Machines that are given a secret id each in a wrapping of its own. That it was opened shows that the machine has
 * it, or somebody who was there before: then the machine can't open it, and says so when its agents reload.
 * @param mount of the AppRole auth method that the secret id is for.
 */
export function wrappedConsumers(
  { groups, path, ttlSeconds }: Wrapped,
  mount: string,
  { wrappings, parameters, members, clock }: WrappedThrough,
): Consumers {
  async function put(id: NodeId, value: () => Promise<Value>): Promise<Answer> {
    const { roleId, secretId } = await value();
    if (!roleId || !secretId) {
      const text = "the secret has no fields roleId and secretId: put them into it";
      throw new PortError("vault", "invalid", text);
    }
    const until = new Date(clock.now().getTime() + ttlSeconds * 1_000);
    const made = await wrappings.wrap({ role_id: roleId, secret_id: secretId }, ttlSeconds);
    const { token: wrappedSecretId, creationPath, accessor } = made;
    // As the introduction of a new node has it.
    const text = JSON.stringify({ mount, roleId, wrappedSecretId, creationPath });
    await parameters.put(path, id, text);
    return { wrapping: { accessor, until }, output: UNOPENED };
  }

  return {
    name: "wrapped",
    pace: "few",
    isDelivery: true,
    what: `a wrapped secret id ready under ${path}`,
    members: () => members(groups),
    tell: put,
    async look(_id, before): Promise<Answer | undefined> {
      const { wrapping } = before;
      if (!wrapping) return undefined;
      if (await wrappings.isUnopened(wrapping.accessor)) return before;
      // One that has run out was not opened, as far as can be known.
      return clock.now() < wrapping.until ? { result: "success" } : undefined;
    },
    forget: (id) => parameters.remove(path, id),
  };
}
