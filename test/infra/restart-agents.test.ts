import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeEach, describe, expect, it } from "vitest";
import { ReloadDocument } from "../../infra/restart-agents/reload-document.ts";
import { RestartDocument } from "../../infra/restart-agents/restart-document.ts";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";
import { HealPolicy } from "../../lambdas/contracts/config.ts";
import {
  RESTART_PREFIX,
  reloadDocument,
  restartDocument,
} from "../../lambdas/contracts/events/command-event.ts";
import { sampleConfig } from "./samples.ts";

const stack = new Stack(new App(), "Stack");
new RestartDocument(stack, "RestartAgents", sampleConfig());
const [resource] = Object.values(Template.fromStack(stack).findResources("AWS::SSM::Document"));
const document = resource?.Properties;
const [step] = document.Content.mainSteps;
const allowed = new RegExp(document.Content.parameters.Units.allowedPattern);

/** Writes down how it was called, and says of each unit what the folder says. */
const SYSTEMCTL = `#!/bin/sh
echo "systemctl $*" >> calls
[ "$1" = is-active ] || { [ "$3" != "$(cat refused)" ]; exit; }
cat "$3.state"
[ "$(cat "$3.state")" = active ]
`;
const JOURNALCTL = `#!/bin/sh
echo "journalctl $*" >> calls
echo "the journal of $2"
`;

let folder: string;

function put(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
}

/** Runs the script as the SSM agent does, with the parameters put in. */
function run(units: string, action = "restart") {
  const script: string = step.inputs.runCommand.join("\n");
  put("script.sh", script.replaceAll("{{ Units }}", units).replaceAll("{{ Action }}", action));
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { status, stdout } = spawnSync("sh", ["script.sh"], { cwd: folder, env, encoding: "utf8" });
  return { status, output: stdout, calls: readFileSync(join(folder, "calls"), "utf8").split("\n") };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drover-restart-"));
  put("systemctl", SYSTEMCTL);
  put("journalctl", JOURNALCTL);
  put("refused", "none");
  put("consul.state", "active");
  put("nomad.state", "active");
});

describe("the script that restarts agents", () => {
  it("restarts the units in their order, and shows how each is then", () => {
    const { status, output, calls } = run("consul nomad");
    expect(status).toBe(0);
    expect(calls.filter((call) => call.includes("restart"))).toEqual([
      "systemctl restart -- consul",
      "systemctl restart -- nomad",
    ]);
    expect(output).toMatch(/== consul is active\nthe journal of consul\n== nomad is active\n/);
    expect(calls).toContain("journalctl --unit nomad --lines 30 --no-pager --output short-iso");
  });

  it("fails when one of them does not come up, and shows all the same", () => {
    put("consul.state", "failed");
    const { status, output } = run("consul nomad");
    expect(status).toBe(1);
    expect(output).toContain("== consul is failed\nthe journal of consul\n");
    expect(output).toContain("== nomad is active\nthe journal of nomad\n");
  });

  it("goes on to the next when systemd refuses one, and says so", () => {
    put("refused", "consul");
    const { output, calls } = run("consul nomad");
    expect(output).toContain("== restart consul\nsystemctl ended with 1\n== restart nomad\n");
    expect(calls).toContain("systemctl restart -- nomad");
  });

  it("gives each its own time, and all together less than the document's", () => {
    put("timeout", '#!/bin/sh\necho "timeout $*" >> calls\nexit 124\n');
    const { output, calls } = run("nomad");
    expect(output).toContain("systemctl ended with 124");
    expect(calls).toContain("timeout 60 systemctl restart -- nomad");
    const most = Math.max(...sampleConfig().groups.map(({ heal }) => heal.units.length));
    expect(Number(step.inputs.timeoutSeconds)).toBe((most + 1) * 60);
  });
});

describe("the script that reloads agents", () => {
  it("reloads the units in their order, and shows how each is then", () => {
    const { status, output, calls } = run("consul nomad", "reload");
    expect(status).toBe(0);
    expect(calls.filter((call) => call.includes("reload"))).toEqual([
      "systemctl reload -- consul",
      "systemctl reload -- nomad",
    ]);
    expect(output).toContain("== nomad is active\n");
  });

  it("fails when one was not reloaded, although it is active: it has not read anything", () => {
    put("refused", "consul");
    const { status, output, calls } = run("consul nomad", "reload");
    expect(status).toBe(1);
    expect(output).toContain("== reload consul\nsystemctl ended with 1\n== reload nomad\n");
    expect(output).toContain("== consul is active\n");
    expect(calls).toContain("systemctl reload -- nomad");
  });
});

describe("the document of rotate-tokens", () => {
  const other = new Stack(new App(), "Stack");
  const token = { kind: "vault-token", role: "nomad", secret: "nomad/vault-token" };
  const rotate = Rotate.parse({
    of: [
      { ...token, name: "one", reload: { groups: ["servers"], units: ["nomad"] } },
      {
        ...token,
        name: "two",
        secret: "vault/vault-token",
        reload: { groups: ["clients"], units: ["vault", "consul", "nomad"] },
      },
      { kind: "vault-barrier-key", name: "barrier" },
    ],
  });
  new ReloadDocument(other, "ReloadAgents", { name: "drover", rotate });
  const [reload] = Object.values(Template.fromStack(other).findResources("AWS::SSM::Document"));

  it("reloads or restarts by the same script, and has a name by which heal-node finds nothing", () => {
    expect(reload?.Properties.Name).toBe(reloadDocument("drover"));
    expect(reload?.Properties.Name.startsWith(RESTART_PREFIX)).toBe(false);
    const { parameters, mainSteps } = reload?.Properties.Content ?? {};
    expect(parameters.Action).toMatchObject({
      allowedValues: ["reload", "restart"],
      default: "reload",
    });
    expect(mainSteps[0].inputs.runCommand).toEqual(step.inputs.runCommand);
    // Three units, and a turn to show them.
    expect(mainSteps[0].inputs.timeoutSeconds).toBe("240");
  });
});

describe("the document", () => {
  it("restarts alone, and that by itself", () => {
    expect(document.Content.parameters.Action).toMatchObject({
      allowedValues: ["restart"],
      default: "restart",
    });
  });

  it("bears the name that heal-node sends, and gets new versions under it", () => {
    expect(document).toMatchObject({
      Name: restartDocument("drover"),
      DocumentType: "Command",
      UpdateMethod: "NewVersion",
      Content: { schemaVersion: "2.2", mainSteps: [{ action: "aws:runShellScript" }] },
    });
  });

  it("takes the names of units, and nothing that a shell would read", () => {
    const { units } = HealPolicy.parse({});
    for (const names of [units.join(" "), "nomad.service", "consul@dc1.service", "a_b-c"]) {
      expect(names).toMatch(allowed);
    }
    for (const text of ["", "a;b", "$(reboot)", "a'b", "a  b", " a", "--force", "a\nb", "`a`"]) {
      expect(text).not.toMatch(allowed);
      expect(HealPolicy.safeParse({ units: [text] }).success).toBe(false);
    }
  });
});
