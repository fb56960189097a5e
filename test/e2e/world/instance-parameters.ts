import {
  GetParameterCommand,
  InvalidResourceId,
  ListTagsForResourceCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { NoAnswer } from "../../../lambdas/clients/http/exchange.ts";
import { InstanceId, NodeId } from "../../../lambdas/contracts/ids.ts";
import {
  INSTANCE_TAG_KEY,
  IntroductionParameter,
  IntroductionReport,
  instanceArn,
  introductionNames,
} from "../../../lambdas/contracts/introduction.ts";
import type { MachineParameters } from "../../../local/machines/world.ts";
import { ACCOUNT, REGION } from "../machinery/environment.ts";

/**
 * Parameter Store as an instance uses it by the AWS CLI. MiniStack looks at no policies: that of the
 * instances' role is kept to here.
 * @param mayRead whether the role has that policy by now.
 */
export function instanceParameters(instanceId: string, mayRead: () => boolean): MachineParameters {
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
      if (!mayRead() || !(await isOwn(Name))) return undefined;
      const get = new GetParameterCommand({ Name, WithDecryption: true });
      return (await client.send(get).catch(unlessMissing))?.Parameter?.Value;
    },
    async overwrite(Name, Value) {
      if (!(await isOwn(Name))) throw new NoAnswer(`aws ssm put-parameter: ${Name} is denied`);
      await client.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
    },
  };
}

/** The accessor of its token that an instance has reported. */
export async function reportOf(instanceId: string): Promise<string> {
  const { report: name } = introductionNames("/drover/nodes", NodeId.parse(instanceId));
  const report = IntroductionReport.parse(await readJson(name));
  if ("vaultTokenAccessor" in report) return report.vaultTokenAccessor;
  throw new Error(`${instanceId} was intercepted: ${report.intercepted}`);
}

/** What an instance was introduced with. */
export async function introductionOf(instanceId: string): Promise<IntroductionParameter> {
  const { introduction: name } = introductionNames("/drover/nodes", NodeId.parse(instanceId));
  return IntroductionParameter.parse(await readJson(name));
}

async function readJson(Name: string): Promise<unknown> {
  const get = new GetParameterCommand({ Name, WithDecryption: true });
  const { Parameter } = await new SSMClient({}).send(get);
  return JSON.parse(Parameter?.Value ?? "");
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof ParameterNotFound || error instanceof InvalidResourceId) return undefined;
  throw error;
}
