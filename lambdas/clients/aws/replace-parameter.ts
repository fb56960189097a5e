import {
  AddTagsToResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  type SSMClient,
  type Tag,
} from "@aws-sdk/client-ssm";
import { toPortError } from "./sdk-error.ts";
import { withoutValue } from "./without-value.ts";

const SYSTEM = "ssm";

type Parameter = PutParameterCommandInput & { Tags: Tag[] };

/**
 * Makes a parameter with its tags. PutParameter takes tags for new ones alone.
 * @returns whether there was none of that name before; if there was, nothing is changed.
 */
async function createParameter(client: SSMClient, parameter: Parameter): Promise<boolean> {
  try {
    await client.send(new PutParameterCommand(parameter));
    return true;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ParameterAlreadyExists") return false;
    throw withoutValue(SYSTEM, "ssm:PutParameter", cause);
  }
}

/** Makes a parameter with its tags, in place of one of that name if there is any. */
export async function replaceParameter(client: SSMClient, parameter: Parameter): Promise<void> {
  if (await createParameter(client, parameter)) return;
  const { Tags, ...rest } = parameter;
  const overwrite = new PutParameterCommand({ ...rest, Overwrite: true });
  await client.send(overwrite).catch((cause: unknown) => {
    throw withoutValue(SYSTEM, "ssm:PutParameter", cause);
  });
  // It may have gone in between, and come back untagged.
  const tag = { ResourceType: "Parameter", ResourceId: parameter.Name, Tags } as const;
  await client.send(new AddTagsToResourceCommand(tag)).catch((cause: unknown) => {
    throw toPortError(SYSTEM, "ssm:AddTagsToResource", cause);
  });
}
