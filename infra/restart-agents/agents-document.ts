import { readFileSync } from "node:fs";
import { CfnDocument } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { UNIT_NAME } from "../../lambdas/contracts/events/command-event.ts";

const SCRIPT = new URL("tell-agents.sh", import.meta.url);
/** Names of systemd units, separated by single spaces: nothing else gets into the script. */
const UNITS = `^${UNIT_NAME}( ${UNIT_NAME})*$`;
/** What the script gives each unit. */
const SECONDS_EACH = 60;

export interface AgentsDocumentProps {
  readonly name: string;
  readonly description: string;
  /** What it may do with units; the first is done when a command does not say. */
  readonly actions: readonly ("restart" | "reload")[];
  /** The most units that a command names. */
  readonly mostUnits: number;
}

/** A Run Command document that restarts or reloads the agents of a machine. */
export class AgentsDocument extends CfnDocument {
  constructor(scope: Construct, id: string, props: AgentsDocumentProps) {
    const { name, description, actions, mostUnits } = props;
    super(scope, id, {
      name,
      documentType: "Command",
      documentFormat: "JSON",
      // It has a name of its own, and CloudFormation can't replace what is named.
      updateMethod: "NewVersion",
      content: {
        schemaVersion: "2.2",
        description,
        parameters: {
          Units: {
            type: "String",
            description: "systemd units, separated by spaces, in the order of their turn",
            allowedPattern: UNITS,
          },
          Action: {
            type: "String",
            description: "what systemd does with them",
            allowedValues: actions,
            default: actions[0],
          },
        },
        mainSteps: [
          {
            action: "aws:runShellScript",
            name: "restartAgents",
            inputs: {
              // One turn more, to show how they are.
              timeoutSeconds: String((mostUnits + 1) * SECONDS_EACH),
              runCommand: readFileSync(SCRIPT, "utf8").trimEnd().split("\n"),
            },
          },
        ],
      },
    });
  }
}
