import { Command, InvalidArgumentError } from "commander";
import { LOCAL_HELP } from "./local-help.ts";
import type { LocalOptions } from "./serve-local.ts";

/** `drover local`: AWS, Nomad, Consul, Vault and Drover in one process. */
export function localCommand(): Command {
  return new Command("local")
    .description(
      "start AWS, a cluster of Nomad, Consul and Vault, and Drover's functions in this process",
    )
    .option(
      "--config <file>",
      "YAML or JSON with the groups, their instance ids, and what is rotated",
    )
    .option("--port <number>", "port of the AWS endpoint", readPort, 4567)
    .option("--json", "print the endpoints as JSON")
    .addHelpText("after", LOCAL_HELP)
    .action(async (options: LocalOptions) => {
      // A whole cluster: the other commands do without it.
      const { serveLocal } = await import("./serve-local.ts");
      await serveLocal(options);
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
}
