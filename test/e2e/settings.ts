import * as z from "zod";

/** The environment variable that carries the settings to the tests. */
const VARIABLE = "DROVER_E2E";

/** What is deployed, and where the deployed function looks for the cluster. */
const Deployment = z.object({
  /** Where the function expects Auto Scaling and EC2. */
  autoScalingPort: z.int(),
  /** Where the function expects Nomad. */
  nomadPort: z.int(),
  bus: z.string(),
  table: z.string(),
  queueUrl: z.url(),
  deadLetterQueueUrl: z.url(),
});
export type Deployment = z.infer<typeof Deployment>;

const Settings = Deployment.extend({
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
