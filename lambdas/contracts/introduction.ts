import * as z from "zod";
import type { InstanceId, NodeId } from "./ids.ts";

/**
 * What a new instance finds in Parameter Store: one SecureString, so that it is there whole or not at
 * all. The user data in docs/join.md reads it.
 */
export const IntroductionParameter = z.object({
  /** The name under which its agents have to join. */
  nodeName: z.string(),
  /** For Nomad's `-client-intro-token`. */
  nomadIntroductionToken: z.string().optional(),
  /** For Consul's `acl.tokens.agent` and `default`. */
  consulToken: z.string().optional(),
  /** For `auth/<mount>/login` of Vault, after `sys/wrapping/unwrap`. */
  vault: z
    .object({
      mount: z.string(),
      roleId: z.string(),
      wrappedSecretId: z.string(),
      /** What `sys/wrapping/lookup` has to say, or somebody put another secret in its place. */
      creationPath: z.string(),
    })
    .optional(),
});
export type IntroductionParameter = z.infer<typeof IntroductionParameter>;

/** What the instance itself writes beside it. */
export const IntroductionReport = z.union([
  /** It has logged in to Vault; its token can be revoked by this accessor. */
  z.object({ vaultTokenAccessor: z.string().min(1) }),
  /** It could not unwrap its secret id, or the creation path was another: somebody was there first. */
  z.object({ intercepted: z.string() }),
]);
export type IntroductionReport = z.infer<typeof IntroductionReport>;

/** The names of a node's two parameters. */
export function introductionNames(path: string, id: NodeId) {
  return { introduction: `${path}/${id}/introduction`, report: `${path}/${id}/report` };
}

/**
 * The tag on both, with the instance's ARN. Parameter names can't hold an ARN, so this is what the
 * policy of the instances' role compares with the caller's own (`ec2:SourceInstanceARN`).
 */
export const INSTANCE_TAG_KEY = "drover:instance";

/** What an instance's report holds until the instance has written it. */
export const NO_REPORT_YET = JSON.stringify({ pending: true });

/** The ARN of an EC2 instance, as its role's credentials carry it. */
export function instanceArn(
  { region, account }: { readonly region: string; readonly account: string },
  id: InstanceId,
): string {
  return `arn:${partitionOf(region)}:ec2:${region}:${account}:instance/${id}`;
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
