import { Command } from "commander";
import { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { connectTable } from "./connection.ts";
import { UserError } from "./failure.ts";
import { follow, nodeJournal, rotationJournal } from "./follow.ts";

interface Options {
  readonly table?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `drover history`: the journal of a node or a rotation as a timeline. */
export function historyCommand(): Command {
  return new Command("history")
    .description("show what was seen and done on a node or for a rotation, and when")
    .argument(
      "<name>",
      "an instance id such as i-0123456789abcdef0, an announced name, or a rotation's name",
    )
    .option("--table <name>", `Drover's table (or ${ENVIRONMENT.table})`)
    .option("-f, --follow", "go on showing what comes, until interrupted or finished")
    .option("--json", "print a JSON object a line")
    .action(history);
}

async function history(name: string, options: Options): Promise<void> {
  const nodeId = readNodeId(name);
  const connection = connectTable(options.table);
  // Every rotation's name could be that of an announced node as well.
  const rotation = RotationName.safeParse(name);
  const journals = [
    nodeJournal(connection, nodeId),
    ...(rotation.success ? [rotationJournal(connection, rotation.data)] : []),
  ];
  const isAny = await follow(journals, options);
  if (!isAny && !options.json) console.log(`nothing is written about ${name}`);
}

/** @throws {UserError} when it is none. */
function readNodeId(text: string): NodeId {
  const result = NodeId.safeParse(text);
  if (result.success) return result.data;
  throw new UserError(`${text} is no node id: it ${result.error.issues[0]?.message}`);
}
