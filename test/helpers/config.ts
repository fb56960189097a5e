import { type Config, type ConfigInput, parseConfig } from "../../lambdas/contracts/config.ts";

/** A configuration that is good as it is; a test names only what it is about. */
export function testConfig(change: Partial<ConfigInput> = {}): Config {
  return parseConfig(
    {
      name: "test",
      account: "111111111111",
      region: "eu-central-1",
      vpc: {
        id: "vpc-0a1b2c3d",
        availabilityZones: ["eu-central-1a"],
        privateSubnetIds: ["subnet-0a1b2c3d"],
        cidr: "10.0.0.0/16",
      },
      nomad: { address: "http://127.0.0.1:4646", tokenSecret: "drover/nomad-token" },
      groups: [{ name: "nomad-clients" }],
      alarms: { off: true, because: "a test has nobody to wake" },
      ...change,
    } satisfies Record<string, unknown>,
    "test configuration",
  );
}
