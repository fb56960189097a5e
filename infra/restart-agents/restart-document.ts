import { readFileSync } from "node:fs";
import { CfnDocument } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { restartDocument } from "../../lambdas/contracts/events/command-event.ts";

const SCRIPT = new URL("restart-agents.sh", import.meta.url);
const UNIT = "[A-Za-z0-9][A-Za-z0-9@._-]*";
/** Names of systemd units, separated by single spaces: nothing else gets into the script. */
const UNITS = `^${UNIT}( ${UNIT})*$`;
/** For all units together; the script gives each its own time. */
const TIMEOUT_SECONDS = 300;

/** The Run Command document by which heal-node restarts a node's agents. */
export class RestartDocument extends CfnDocument {
  constructor(scope: Construct, id: string, deployment: string) {
    super(scope, id, {
      name: restartDocument(deployment),
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
              timeoutSeconds: String(TIMEOUT_SECONDS),
              runCommand: readFileSync(SCRIPT, "utf8").trimEnd().split("\n"),
            },
          },
        ],
      },
    });
  }
}
