import * as z from "zod";
import type { NodeId } from "./ids.ts";

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
