import { readFileSync } from "node:fs";
import { CfnDocument } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import { restartDocument, UNIT_NAME } from "../../lambdas/contracts/events/command-event.ts";

const SCRIPT = new URL("restart-agents.sh", import.meta.url);
/** Names of systemd units, separated by single spaces: nothing else gets into the script. */
const UNITS = `^${UNIT_NAME}( ${UNIT_NAME})*$`;
/** What the script gives each unit. */
const SECONDS_EACH = 60;

/** The Run Command document by which heal-node restarts a node's agents. */
export class RestartDocument extends CfnDocument {
  constructor(scope: Construct, id: string, { name, groups }: Pick<Config, "name" | "groups">) {
    const most = Math.max(...groups.map(({ heal }) => heal.units.length));
    super(scope, id, {
      name: restartDocument(name),
      documentType: "Command",
      documentFormat: "JSON",
      // It has a name of its own, and CloudFormation can't replace what is named.
      updateMethod: "NewVersion",
      content: {
        schemaVersion: "2.2",
        description: "Drover: restarts a node's agents and shows how they are then",
        parameters: {
          Units: {
            type: "String",
            description: "systemd units, separated by spaces, in the order of their restart",
            allowedPattern: UNITS,
          },
        },
        mainSteps: [
          {
            action: "aws:runShellScript",
            name: "restartAgents",
            inputs: {
              // One turn more, to show how they are.
              timeoutSeconds: String((most + 1) * SECONDS_EACH),
              runCommand: readFileSync(SCRIPT, "utf8").trimEnd().split("\n"),
            },
          },
        ],
      },
    });
  }
}
