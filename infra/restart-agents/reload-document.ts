import type { Construct } from "constructs";
import type { RotateConfig } from "../../lambdas/contracts/config/rotate.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { reloadDocument } from "../../lambdas/contracts/events/command-event.ts";
import { AgentsDocument } from "./agents-document.ts";

/** The document by which rotate-tokens has agents read a secret anew. */
export class ReloadDocument extends AgentsDocument {
  constructor(
    scope: Construct,
    id: string,
    { name, rotate }: Pick<Config, "name"> & { readonly rotate: RotateConfig },
  ) {
    const units = rotate.of.map((each) => ("reload" in each ? (each.reload?.units ?? []) : []));
    super(scope, id, {
      name: reloadDocument(name),
      description: "Drover: has agents read a secret anew and shows how they are then",
      actions: ["reload", "restart"],
      mostUnits: Math.max(...units.map(({ length }) => length)),
    });
  }
}
