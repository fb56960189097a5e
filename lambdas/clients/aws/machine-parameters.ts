import { DeleteParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { InstanceId, type NodeId } from "../../contracts/ids.ts";
import { INSTANCE_TAG_KEY, instanceArn } from "../../contracts/introduction.ts";
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
      await replaceParameter(client, {
        Name: `${path}/${id}`,
        Value: text,
        Type: "SecureString",
        ...(kmsKeyId && { KeyId: kmsKeyId }),
        Tags: [{ Key: INSTANCE_TAG_KEY, Value: instanceArn(of, InstanceId.parse(id)) }],
      });
    },
    async remove(path, id) {
      const command = new DeleteParameterCommand({ Name: `${path}/${id}` });
      await client.send(command).catch((cause: unknown) => {
        if (cause instanceof Error && cause.name === "ParameterNotFound") return;
        throw toPortError(SYSTEM, "ssm:DeleteParameter", cause);
      });
    },
  };
}
