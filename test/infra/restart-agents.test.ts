import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeEach, describe, expect, it } from "vitest";
import { RestartDocument } from "../../infra/restart-agents/restart-document.ts";
import { HealPolicy } from "../../lambdas/contracts/config.ts";
import { restartDocument } from "../../lambdas/contracts/events/command-event.ts";
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

/** Runs the script as the SSM agent does, with the units put in. */
function run(units: string) {
  const text: string = step.inputs.runCommand.join("\n").replaceAll("{{ Units }}", units);
  put("script.sh", text);
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

describe("the document", () => {
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
