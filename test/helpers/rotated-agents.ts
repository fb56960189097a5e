import { consulTokenKind } from "../../lambdas/clients/consul/rotate/token-kind.ts";
import { createVariableMirrors } from "../../lambdas/clients/nomad/rotate/variable.ts";
import type { AwsModel } from "../../local/aws/aws-model.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { tokenInUse } from "../../local/consul/agent.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelAgentTokens } from "../../local/consul/port.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { modelNomadSession } from "../../local/nomad/port.ts";
import { directly } from "./port-calls.ts";
import { CONSUL_TROUBLES, consulSession } from "./rotated-acl-tokens.ts";
import { type RotatedThing, rotationOf, troublesOf } from "./rotated-thing.ts";

export const GROUP = "consul-clients";
const VARIABLE = { path: "nomad/jobs/exporter", namespace: "default" };

/** Agents of Consul that all have the token that is rotated, and a job of Nomad that reads it in a variable. */
export interface RotatedAgents extends RotatedThing {
  readonly consul: ConsulModel;
  /** What each agent acts with. */
  inUse(): Readonly<Record<string, string | undefined>>;
  /** The machine of this name starts its agent. */
  startAgent(name: string, token: string): void;
  copy(): string | undefined;
}

export function rotatedAgents(
  clock: VirtualClock,
  aws: AwsModel,
  settings: Readonly<Record<string, unknown>> = {},
  around = directly,
): RotatedAgents {
  const consul = new ConsulModel(clock);
  const nomad = new NomadModel(clock);
  const first = consul.createToken({
    nodePrefix: { "": "write" },
    agentPrefix: { "": "read" },
    description: "drover",
  });
  const rotation = rotationOf("consul-token", {
    agents: { groups: [GROUP], kinds: ["agent", "default"] },
    nomadVariable: VARIABLE,
    ...settings,
  });
  const names = ["i-00000000000000001", "i-00000000000000002"];
  aws.autoScaling.createGroup({ name: GROUP, instances: names.map((id) => ({ id })) });
  const start = (name: string, token: string) => {
    const address = aws.ec2.find(name)?.privateIpAddress ?? "";
    consul.startAgent({ name, address, token });
  };
  for (const name of names) start(name, first);
  const agents = () => [...consul.members.agents.values()];
  const copy = () => nomad.variables.get(VARIABLE.namespace, VARIABLE.path)?.items.token;
  const isRefused = (token: string | undefined) => consul.access.caller(token) === "unknown";
  return {
    consul,
    rotation,
    kind: consulTokenKind({ deployment: "test", session: consulSession(consul, around), rotation }),
    first,
    variables: createVariableMirrors(modelNomadSession(nomad)),
    agentTokens: modelAgentTokens(consul, async (id) => aws.ec2.find(id)?.privateIpAddress),
    copy,
    problem(token) {
      if (isRefused(token)) return "what the secret holds is refused";
      if (isRefused(copy())) return "what the job reads is refused";
      const refused = agents().filter((agent) => agent.running && isRefused(tokenInUse(agent)));
      return refused.length > 0 ? `refused: ${refused.map(({ name }) => name)}` : undefined;
    },
    inUse: () => Object.fromEntries(agents().map((agent) => [agent.name, tokenInUse(agent)])),
    startAgent: start,
    living: () =>
      consul
        .tokens()
        .filter(({ description }) => description.startsWith("drover"))
        .map(({ secretId }) => secretId),
    ...troublesOf(consul.faults, CONSUL_TROUBLES),
  };
}
