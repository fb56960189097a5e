import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { AwsError } from "../aws/aws-error.ts";
import type { AwsModel } from "../aws/aws-model.ts";
import type { ConsulModel } from "../consul/model.ts";
import type { NomadModel } from "../nomad/model.ts";
import { inProcessVault } from "../vault/in-process.ts";
import type { VaultModel } from "../vault/model.ts";
import { vaultOverHttp } from "./vault-over-http.ts";
import type { MachineConsul, MachineNomad, MachineParameters, MachineVault } from "./world.ts";

/** Parameter Store of the model, with the role of one instance. */
export function modelParameters(aws: AwsModel, instanceId: string): MachineParameters {
  const role = aws.roleOf(instanceId);
  return {
    async read(name) {
      try {
        return role.read(name);
      } catch (error) {
        if (error instanceof AwsError && error.code === "AccessDeniedException") return undefined;
        throw error;
      }
    },
    async overwrite(name, value) {
      try {
        role.overwrite(name, value);
      } catch (cause) {
        if (!(cause instanceof AwsError)) throw cause;
        throw new NoAnswer(`aws ssm put-parameter: ${cause.code}: ${cause.message}`, { cause });
      }
    },
  };
}

/** The model of Vault, by the same calls as a real one. */
export function modelMachineVault(vault: VaultModel): MachineVault {
  return vaultOverHttp(inProcessVault(vault));
}

/** Agents of the model of Consul. */
export function modelMachineConsul(consul: ConsulModel): MachineConsul {
  return {
    async start({ name, address, meta, token }, disk) {
      const id = disk?.newId ? undefined : consul.members.agents.get(name)?.id;
      consul.stopAgent(name);
      consul.startAgent({ name, address, meta, ...(id && { id }), ...(token && { token }) });
    },
    stop: async (name) => consul.stopAgent(name),
    resume: async (name) => consul.resumeAgent(name),
    setCheck: async (name, check) => consul.setCheck(name, check),
  };
}

/** Clients of the model of Nomad. */
export function modelMachineNomad(nomad: NomadModel): MachineNomad {
  return {
    start: (input, log) => nomad.startClient(input, log),
    startedLongAgo: (input) => nomad.addNode(input).id,
    stop: (nodeId) => nomad.stopAgent(nodeId),
    resume: (nodeId) => nomad.startAgent(nodeId),
  };
}
