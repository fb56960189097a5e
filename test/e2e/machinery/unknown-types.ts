import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** Types of resources that MiniStack refuses a whole template for. */
const UNKNOWN = [
  "AWS::SSM::Document",
  "AWS::SecretsManager::ResourcePolicy",
  "AWS::SecretsManager::RotationSchedule",
];
/** One that it knows, that needs nothing and does nothing. */
const STAND_IN = { Type: "AWS::CloudFormation::WaitConditionHandle" };

const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
});

/**
 * Puts something without effect in the place of each resource that MiniStack does not know.
 * @param assembly the folder that was synthesized.
 */
export async function leaveOutUnknownTypes(assembly: string): Promise<void> {
  const files = (await readdir(assembly)).filter((file) => file.endsWith(".template.json"));
  for (const file of files) await leaveOut(join(assembly, file));
}

async function leaveOut(file: string): Promise<void> {
  const template = Template.parse(JSON.parse(await readFile(file, "utf8")));
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [
      id,
      UNKNOWN.includes(resource.Type) ? STAND_IN : resource,
    ]),
  );
  await writeFile(file, JSON.stringify({ ...template, Resources }));
}
