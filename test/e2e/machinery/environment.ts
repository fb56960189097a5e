import { dirname, join } from "node:path";

export const REPOSITORY = join(import.meta.dirname, "..", "..", "..");
export const ACCOUNT = "111111111111";
export const REGION = "eu-central-1";

/**
 * The environment of everything that talks to the emulator. Nothing of the caller's AWS settings is
 * left in it, so that no call can reach a real account.
 * @param folder for temporary files and in place of the caller's AWS configuration.
 */
export function emulatorEnvironment(endpoint: string, folder: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(others),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CONFIG_FILE: join(folder, "no-aws-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "no-aws-credentials"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    TMPDIR: folder,
    // The emulator runs functions by the first `node` it finds: the one that runs this.
    PATH: [dirname(process.execPath), join(REPOSITORY, "node_modules/.bin"), process.env.PATH].join(
      ":",
    ),
  };
}
