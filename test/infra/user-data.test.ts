import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IntroductionReport } from "../../lambdas/contracts/introduction.ts";
import {
  type Answers,
  boot,
  healthy,
  INSTANCE,
  introduction,
  SCRIPT,
} from "./user-data-machine.ts";

const SECRETS = ["jwt-of-nomad", "token-of-consul", "wrapping-token", "secret-id", "vault-token"];
const hasTools = ["bash", "curl", "jq"].every(
  (tool) => spawnSync(tool, ["--version"]).status === 0,
);

describe.skipIf(!hasTools)("the user data", () => {
  it("is good bash", () => {
    expect(spawnSync("bash", ["-n", SCRIPT]).status).toBe(0);
  });

  it("fetches, unwraps, logs in, reports, configures both agents and starts them", async () => {
    const machine = await boot(() => healthy);
    expect([machine.status, machine.printed]).toEqual([0, expect.stringContaining(INSTANCE)]);
    expect(machine.json("consul/90-drover.json")).toEqual({
      node_name: INSTANCE,
      node_meta: { instance_id: INSTANCE },
      acl: { tokens: { agent: "token-of-consul", default: "token-of-consul" } },
    });
    expect(machine.json("nomad/90-drover.json")).toEqual({
      name: INSTANCE,
      client: { enabled: true, meta: { instance_id: INSTANCE } },
    });
    expect(machine.read("data/client/intro_token.jwt")).toBe("jwt-of-nomad");
    expect(machine.read("run/vault-token")).toBe("vault-token\n");
    expect(IntroductionReport.parse(machine.json("report"))).toEqual({
      vaultTokenAccessor: "accessor-1",
    });
    expect(machine.commands).toMatch(/^systemctl enable --now consul nomad$/m);
  });

  it("has no secret in its output or in a command's arguments, and leaves none behind", async () => {
    const machine = await boot(() => healthy);
    expect(machine.commands).toContain("curl ");
    for (const secret of SECRETS) {
      expect(machine.printed).not.toContain(secret);
      expect(machine.commands.replaceAll("/vault-token", "")).not.toMatch(
        new RegExp(`(?<![-_.\\w/])${secret}(?![-_\\w])`),
      );
    }
    expect(machine.commands).not.toContain("imds-token");
    const left = execFileSync("ls", [join(machine.folder, "run")], { encoding: "utf8" });
    expect(left).toBe("vault-token\n");
  });

  it("waits in the warm pool, and asks for nothing meanwhile", async () => {
    const path = "/latest/meta-data/autoscaling/target-lifecycle-state";
    let looks = 0;
    const machine = await boot(({ url }) => {
      if (url.pathname === path) looks += 1;
      return looks < 3 ? { ...healthy, [path]: [200, "Warmed:Stopped"] } : healthy;
    });
    expect(machine.status).toBe(0);
    expect(machine.printed.match(/state is Warmed:Stopped/g)).toHaveLength(2);
    const [waiting] = machine.commands.split("aws ssm get-parameter");
    expect(waiting?.match(/target-lifecycle-state/g)).toHaveLength(3);
  });

  const stolen: [string, Answers][] = [
    [
      "a wrapping that another path made",
      { "/v1/sys/wrapping/lookup": [200, { data: { creation_path: "sys/wrapping/wrap" } }] },
    ],
    ["a wrapping that is gone", { "/v1/sys/wrapping/lookup": [400, { errors: ["no"] }] }],
    ["a wrapping that is empty", { "/v1/sys/wrapping/unwrap": [400, { errors: ["no"] }] }],
  ];
  it.each(stolen)("reports %s as intercepted and starts no agent", async (_what, answers) => {
    const machine = await boot(() => ({ ...healthy, ...answers }));
    expect(machine.status).toBe(1);
    expect(IntroductionReport.parse(machine.json("report"))).toHaveProperty("intercepted");
    expect(machine.commands).not.toContain("systemctl");
    expect(machine.read("nomad/90-drover.json")).toBeUndefined();
  });

  it("unwraps nothing before it knows who made the wrapping", async () => {
    const machine = await boot(() => ({ ...healthy, ...stolen[0]?.[1] }));
    expect(machine.heard).toContain("POST /v1/sys/wrapping/lookup");
    expect(machine.heard).not.toContain("POST /v1/sys/wrapping/unwrap");
  });

  it("asks a sealed Vault again, and takes it for no thief", async () => {
    let asked = 0;
    const machine = await boot(({ url }) => {
      if (url.pathname.startsWith("/v1/")) asked += 1;
      return asked <= 2 ? { ...healthy, "/v1/sys/wrapping/lookup": [503, {}] } : healthy;
    });
    expect(machine.status).toBe(0);
    expect(machine.json("report")).toEqual({ vaultTokenAccessor: "accessor-1" });
  });

  it("needs no Vault, Consul token or introduction token where it is given none", async () => {
    const machine = await boot(() => healthy, { nodeName: INSTANCE });
    expect(machine.status).toBe(0);
    expect(machine.heard.filter((call) => call.includes("/v1/"))).toEqual([]);
    expect(machine.json("consul/90-drover.json")).toEqual({
      node_name: INSTANCE,
      node_meta: { instance_id: INSTANCE },
    });
    expect(machine.read("data/client/intro_token.jwt")).toBeUndefined();
  });

  it("does nothing at the next boot", async () => {
    const first = await boot(() => healthy);
    const second = await boot(() => healthy, introduction, first.folder);
    expect([second.status, second.printed]).toEqual([
      0,
      `drover: ${INSTANCE} has been introduced already\n`,
    ]);
    expect(second.heard).not.toContain("POST /v1/sys/wrapping/lookup");
  });
});
