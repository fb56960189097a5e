import type { ConsulAgents } from "../contracts/config/consul-agents.ts";
import type { PublishedRotation } from "../contracts/config/rotate.ts";
import type { NodeId } from "../contracts/ids.ts";
import type { Clock } from "../domain/ports/clock.ts";
import type { Value } from "../domain/rotate/kind.ts";
import type { Consumers, RotationPorts } from "../domain/rotate/ports.ts";
import type { Answer } from "../domain/rotate/record.ts";
import type { MachineParameters } from "./aws/machine-parameters.ts";
import type { Reloads } from "./aws/reloads.ts";
import type { AgentTokens } from "./consul/rotate/agent-tokens.ts";
import type { Wrappings } from "./vault/rotate/wrappings.ts";
import { wrappedConsumers } from "./wrapped-consumers.ts";

/** What may pass: a machine that starts is not known at first. */
const UNKNOWN = "Systems Manager does not know it";
const UNDELIVERED = "its SSM agent has not fetched the command";

/** Who has to be told, by a rotation's settings. */
export function createConsumersOf(through: {
  readonly reloads: Reloads;
  /** Undefined when no rotation names agents. */
  readonly agentTokens: AgentTokens | undefined;
  readonly parameters: MachineParameters;
  /** Those of the Vault that a rotation is made on. */
  readonly wrappingsOf: (rotation: PublishedRotation) => Wrappings;
  readonly clock: Clock;
}): RotationPorts["consumersOf"] {
  const { reloads, agentTokens, parameters, wrappingsOf, clock } = through;
  const { members } = reloads;
  const wrapped = (rotation: PublishedRotation) => {
    if (!("wrapped" in rotation) || !rotation.wrapped) return [];
    const wrappings = wrappingsOf(rotation);
    return [
      wrappedConsumers(rotation.wrapped, rotation.mount, { wrappings, parameters, members, clock }),
    ];
  };
  return (rotation) => {
    const agents = "agents" in rotation ? rotation.agents : undefined;
    if (agents && !agentTokens) throw new Error(`${rotation.name}: agents: there is no Consul`);
    return [
      // Before they are told to fetch it.
      ...wrapped(rotation),
      ...(rotation.reload ? [reloaded(rotation.reload, reloads)] : []),
      ...(agents && agentTokens ? [givenToken(agents, agentTokens, reloads)] : []),
    ];
  };
}

function reloaded(
  { groups, units, action }: NonNullable<PublishedRotation["reload"]>,
  reloads: Reloads,
): Consumers {
  const order = async (id: NodeId): Promise<Answer> => {
    const commandId = await reloads.reload(id, units, action);
    return commandId ? { commandId } : { output: UNKNOWN };
  };
  return {
    name: "reload",
    what: `${units.join(", ")} ${action}`,
    members: () => reloads.members(groups),
    pace: action === "restart" ? "one-by-one" : "one-first",
    tell: order,
    async look(id, before): Promise<Answer> {
      const { commandId } = before;
      if (!commandId) return order(id);
      const found = await reloads.result(id, commandId);
      if (!found || found.status === "pending") return before;
      // Nothing was done there: it may be that its SSM agent starts anew.
      if (found.status === "undeliverable") return { output: UNDELIVERED };
      return { commandId, result: found.status, output: found.output };
    },
  };
}

function givenToken(agents: ConsulAgents, agentTokens: AgentTokens, reloads: Reloads): Consumers {
  const set = async (id: NodeId, value: () => Promise<Value>) =>
    agentTokens.set(id, agents, await value());
  return {
    name: "agents",
    pace: "together",
    what: `consul's agent given its token (${agents.kinds.join(", ")})`,
    members: () => reloads.members(agents.groups),
    tell: set,
    look: (id, _before, value) => set(id, value),
  };
}
