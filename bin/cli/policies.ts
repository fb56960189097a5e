import { readdirSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { UserError } from "./failure.ts";

const FOLDER = new URL("../../docs/policies/", import.meta.url);

/** `drover policies`: what Drover has to be allowed in Vault, Consul and Nomad. */
export function policiesCommand(): Command {
  return new Command("policies")
    .description(
      "print the policies that Drover needs in Vault, Consul and Nomad, for you to apply",
    )
    .argument("[which]", "vault, consul or nomad, or one of them by its name: vault-rotate")
    .addHelpText(
      "after",
      `
Each says at its beginning what it is for, and which names in it are yours to change.

Examples:
  drover policies
  drover policies vault-rotate > rotate.hcl && vault policy write drover-rotate rotate.hcl
  drover policies consul-rotate | consul acl policy create -name drover-rotate -rules -
  drover policies nomad-rotate | nomad acl policy apply drover-rotate -`,
    )
    .action(policies);
}

function policies(which?: string): void {
  const all = readdirSync(FOLDER)
    .map((file) => ({ file, name: file.replace(/\.hcl$/, "") }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const chosen = all.filter(({ name }) => !which || name === which || name.startsWith(`${which}-`));
  if (chosen.length === 0) {
    const names = all.map(({ name }) => name).join(", ");
    throw new UserError(`no policy is called ${which}; there are: ${names}`);
  }
  const texts = chosen.map(({ file, name }) => {
    const text = readFileSync(new URL(file, FOLDER), "utf8").trimEnd();
    return chosen.length === 1 ? text : `# --- ${name} ---\n\n${text}`;
  });
  console.log(texts.join("\n\n"));
}
