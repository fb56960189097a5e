import { DeleteParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { InstanceId, type NodeId } from "../../contracts/ids.ts";
import { INSTANCE_TAG_KEY, instanceArn } from "../../contracts/introduction.ts";
import { PortError } from "../../domain/ports/errors.ts";
import { namingParameter } from "./naming-parameter.ts";
import { replaceParameter } from "./replace-parameter.ts";
import { toPortError } from "./sdk-error.ts";

const SYSTEM = "ssm";

/** A parameter a machine, which that one alone may read. Methods throw a `PortError` of system `ssm`. */
export interface MachineParameters {
  /** Puts it under `<path>/<instance id>`, in place of what is there. */
  put(path: string, id: NodeId, text: string): Promise<void>;
  /** Deletes it. One that is gone already is no error. */
  remove(path: string, id: NodeId): Promise<void>;
}

export interface MachineParametersOptions {
  /** The account and region whose instances they are for. */
  readonly account: string;
  readonly region: string;
  /** The id or alias of their key. @default the account's for Systems Manager */
  readonly kmsKeyId?: string;
}

/** SecureStrings, tagged with the ARN of their instance: its role may read what bears its own. */
export function createMachineParameters(
  client: SSMClient,
  { kmsKeyId, ...of }: MachineParametersOptions,
): MachineParameters {
  return {
    async put(path, id, text) {
      const Name = `${path}/${id}`;
      await replaceParameter(client, {
        Name,
        Value: text,
        Type: "SecureString",
        // Whatever the account's default is: the advanced tier encrypts under data keys, which need a permission.
        Tier: "Standard",
        ...(kmsKeyId && { KeyId: kmsKeyId }),
        Tags: [{ Key: INSTANCE_TAG_KEY, Value: instanceArn(of, InstanceId.parse(id)) }],
      }).catch((cause: unknown) => {
        throw cause instanceof PortError ? namingParameter(Name, cause) : cause;
      });
    },
    async remove(path, id) {
      const Name = `${path}/${id}`;
      const command = new DeleteParameterCommand({ Name });
      await client.send(command).catch((cause: unknown) => {
        if (cause instanceof Error && cause.name === "ParameterNotFound") return;
        throw namingParameter(Name, toPortError(SYSTEM, "ssm:DeleteParameter", cause));
      });
    },
  };
}
