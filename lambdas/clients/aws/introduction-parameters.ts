import {
  AddTagsToResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  type SSMClient,
  type Tag,
} from "@aws-sdk/client-ssm";
import { PortError } from "../../domain/ports/errors.ts";
import { toPortError } from "./sdk-error.ts";

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
    throw withoutValue("ssm:PutParameter", cause);
  }
}

/** Makes a parameter with its tags, in place of one of that name if there is any. */
export async function replaceParameter(client: SSMClient, parameter: Parameter): Promise<void> {
  if (await createParameter(client, parameter)) return;
  const { Tags, ...rest } = parameter;
  const overwrite = new PutParameterCommand({ ...rest, Overwrite: true });
  await client.send(overwrite).catch((cause: unknown) => {
    throw withoutValue("ssm:PutParameter", cause);
  });
  // It may have gone in between, and come back untagged.
  const tag = { ResourceType: "Parameter", ResourceId: parameter.Name, Tags } as const;
  await client.send(new AddTagsToResourceCommand(tag)).catch((cause: unknown) => {
    throw toPortError(SYSTEM, "ssm:AddTagsToResource", cause);
  });
}

/** What Parameter Store says of a value it does not like can quote it. */
function withoutValue(action: string, cause: unknown): PortError {
  if (cause instanceof Error && cause.name === "ValidationException") {
    const text = `${action} failed (${cause.name}; its text may hold the value and is left out)`;
    return new PortError(SYSTEM, "invalid", text);
  }
  return toPortError(SYSTEM, action, cause);
}
