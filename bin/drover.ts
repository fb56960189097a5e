#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command } from "commander";
import { demoCommand } from "./cli/demo.ts";
import { failWith } from "./cli/failure.ts";
import { historyCommand } from "./cli/history.ts";
import { localCommand } from "./cli/local.ts";
import { nodesCommand } from "./cli/nodes.ts";
import { policiesCommand } from "./cli/policies.ts";
import { putEventCommand } from "./cli/put-event.ts";
import { rotateCommand } from "./cli/rotate.ts";
import { rotationsCommand } from "./cli/rotations.ts";
import { statusCommand } from "./cli/status.ts";

const { version, description } = createRequire(import.meta.url)("../package.json") as {
  version: string;
  description: string;
};

const program = new Command("drover")
  .description(description)
  .version(version)
  .showHelpAfterError("(drover --help, or drover COMMAND --help, tells more)")
  .addCommand(statusCommand())
  .addCommand(nodesCommand())
  .addCommand(historyCommand())
  .addCommand(rotationsCommand())
  .addCommand(rotateCommand())
  .addCommand(policiesCommand())
  .addCommand(putEventCommand())
  .addCommand(localCommand())
  .addCommand(demoCommand())
  .addHelpText(
    "after",
    `
Environment:
  DROVER_TABLE      name of Drover's DynamoDB table (an output of the stack)
  DROVER_BUS        name of Drover's event bus (an output of the stack)
  NOMAD_ADDR, NOMAD_TOKEN, CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN, as for Nomad's and Consul's own CLI
  AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and the other variables of the AWS SDKs
"drover local" prints all of them for its local stack.`,
  );

await program.parseAsync().catch(failWith);
