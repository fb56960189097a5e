import { type Config, type ConfigInput, parseConfig } from "../../lambdas/contracts/config.ts";
import type { LocalConfig } from "../local-config.ts";

/** The sections of the configuration that lead to the servers. */
export type ServerSections = Pick<
  ConfigInput,
  "nomad" | "consul" | "vault" | "introduction" | "rotate"
>;

/** The configuration of the functions. */
export function functionConfig({ groups }: LocalConfig, servers: ServerSections): Config {
  const config = {
    name: "local",
    account: "111111111111",
    region: "eu-central-1",
    vpc: {
      id: "vpc-00000000",
      availabilityZones: ["eu-central-1a"],
      privateSubnetIds: ["subnet-00000000"],
      cidr: "10.0.0.0/16",
    },
    ...servers,
    groups: groups.map(({ name, drain, join, events, budget, heal }) => ({
      name,
      drain,
      join,
      events,
      budget,
      heal,
    })),
    alarms: { off: true, because: "the local stack has nobody to wake" },
  } satisfies ConfigInput;
  return parseConfig(config, "the local stack's configuration");
}
