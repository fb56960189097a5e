import {
  GetParameterCommand,
  InvalidResourceId,
  ListTagsForResourceCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { NoAnswer } from "../../../lambdas/clients/http/exchange.ts";
import { InstanceId } from "../../../lambdas/contracts/ids.ts";
import { INSTANCE_TAG_KEY, instanceArn } from "../../../lambdas/contracts/introduction.ts";
import type { MachineParameters } from "../../../local/machines/world.ts";
import { ACCOUNT, REGION } from "../machinery/environment.ts";

/**
 * Parameter Store as an instance uses it by the AWS CLI. MiniStack looks at no policies: that of the
 * instances' role is kept to here.
 */
export function instanceParameters(instanceId: string): MachineParameters {
  const client = new SSMClient({});
  const own = instanceArn({ account: ACCOUNT, region: REGION }, InstanceId.parse(instanceId));

  async function isOwn(ResourceId: string): Promise<boolean> {
    const ask = new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId });
    const tags = await client.send(ask).catch(unlessMissing);
    return (
      tags?.TagList?.some(({ Key, Value }) => Key === INSTANCE_TAG_KEY && Value === own) ?? false
    );
  }

  return {
    async read(Name) {
      if (!(await isOwn(Name))) return undefined;
      const get = new GetParameterCommand({ Name, WithDecryption: true });
      return (await client.send(get).catch(unlessMissing))?.Parameter?.Value;
    },
    async overwrite(Name, Value) {
      if (!(await isOwn(Name))) throw new NoAnswer(`aws ssm put-parameter: ${Name} is denied`);
      await client.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
    },
  };
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof ParameterNotFound || error instanceof InvalidResourceId) return undefined;
  throw error;
}
