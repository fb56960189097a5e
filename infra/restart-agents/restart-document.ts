import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import { restartDocument } from "../../lambdas/contracts/events/command-event.ts";
import { AgentsDocument } from "./agents-document.ts";

/** The document by which heal-node restarts a node's agents. */
export class RestartDocument extends AgentsDocument {
  constructor(scope: Construct, id: string, { name, groups }: Pick<Config, "name" | "groups">) {
    super(scope, id, {
      name: restartDocument(name),
      description: "Drover: restarts a node's agents and shows how they are then",
      actions: ["restart"],
      mostUnits: Math.max(...groups.map(({ heal }) => heal.units.length)),
    });
  }
}
