import * as z from "zod";
import { FUNCTION_NAMES } from "../../lambdas/contracts/names.ts";

/** The environment variable that carries the settings to the tests. */
const VARIABLE = "DROVER_E2E";

const Queues = z.object({
  queueUrl: z.url(),
  deadLetterQueueUrl: z.url(),
});

/** What is deployed, and where the deployed functions look for the cluster. */
export const Deployment = z.object({
  /** Where the functions expect Auto Scaling and EC2. */
  autoScalingPort: z.int(),
  /** Where the functions expect Systems Manager. */
  systemsManagerPort: z.int(),
  /** Where the functions expect Nomad. */
  nomadPort: z.int(),
  bus: z.string(),
  table: z.string(),
  /** Of each function. */
  queues: z.record(z.enum(FUNCTION_NAMES), Queues),
});
export type Deployment = z.infer<typeof Deployment>;

const Credentials = z.object({ roleId: z.string(), secretId: z.string() });

/** The real Consul and OpenBao that the deployed functions work on. */
const Servers = z.object({
  consul: z.object({
    address: z.url(),
    /** Where agents join. */
    serfAddress: z.string(),
    managementToken: z.string(),
    droverToken: z.string(),
    /** What rotate-tokens makes tokens with. */
    rotateToken: z.string(),
  }),
  openBao: z.object({
    address: z.url(),
    rootToken: z.string(),
    /** What Drover logs in with. */
    drover: Credentials,
    /** What rotate-tokens logs in with. */
    rotate: Credentials,
  }),
});
export type Servers = z.infer<typeof Servers>;

const Settings = Deployment.extend({
  ...Servers.shape,
  /** The `bao` that was installed for the tests. */
  openBaoBin: z.string(),
  /** The `consul` that was unpacked for the tests. */
  consulBin: z.string(),
});
export type Settings = z.infer<typeof Settings>;

export function settingsVariable(settings: Settings): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(settings) };
}

/** @throws when the tests were not started by the runner. */
export function readSettings(): Settings {
  const text = process.env[VARIABLE];
  if (text) return Settings.parse(JSON.parse(text));
  throw new Error("nothing is deployed: start these tests by `npm run test:e2e`");
}
