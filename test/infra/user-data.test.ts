import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import type { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import { IntroductionReport } from "../../lambdas/contracts/introduction.ts";
import { type Heard, reply, startScriptedServer } from "../helpers/scripted-server.ts";
import { REPOSITORY } from "./samples.ts";

const SCRIPT = join(REPOSITORY, "examples/user-data.sh");
const INSTANCE = "i-0123456789abcdef0";
const SECRETS = ["jwt-of-nomad", "token-of-consul", "wrapping-token", "secret-id", "vault-token"];
const introduction = {
  nodeName: INSTANCE,
  nomadIntroductionToken: "jwt-of-nomad",
  consulToken: "token-of-consul",
  vault: {
    mount: "approle",
    roleId: "role-id",
    wrappedSecretId: "wrapping-token",
    creationPath: "auth/approle/role/drover-node/secret-id",
  },
} satisfies IntroductionParameter;

const hasTools = ["bash", "curl", "jq"].every(
  (tool) => spawnSync(tool, ["--version"]).status === 0,
);
const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** The metadata service of an instance, and a Vault, behind one address. */
type Answers = Partial<Record<string, readonly [status: number, body: unknown]>>;
const healthy: Answers = {
  "/latest/api/token": [200, "imds-token"],
  "/latest/meta-data/instance-id": [200, INSTANCE],
  "/latest/meta-data/placement/region": [200, "eu-central-1"],
  "/latest/meta-data/autoscaling/target-lifecycle-state": [200, "InService"],
  "/v1/sys/wrapping/lookup": [200, { data: { creation_path: introduction.vault.creationPath } }],
  "/v1/sys/wrapping/unwrap": [200, { data: { secret_id: "secret-id" } }],
  "/v1/auth/approle/login": [
    200,
    { auth: { client_token: "vault-token", accessor: "accessor-1" } },
  ],
};

/** Runs the script on a machine of its own, and tells what became of it. */
async function boot(
  answers: (heard: Heard, number: number) => Answers,
  given: IntroductionParameter = introduction,
  folder = mkdtempSync(join(tmpdir(), "drover-machine-")),
) {
  const respond = (heard: Heard, response: ServerResponse, number: number) => {
    const [status, body] = answers(heard, number)[heard.url.pathname] ?? [404, ""];
    reply(response, status, body);
  };
  const server = await startScriptedServer(respond);
  toClose.push(() => server.close());
  const file = (name: string) => join(folder, name);
  for (const name of ["bin", "consul", "nomad", "run"]) {
    mkdirSync(file(name), { recursive: true });
  }
  writeFileSync(file("introduction.json"), JSON.stringify(given));
  // The first look comes too early. Every command's arguments are written down.
  command(
    file("bin/aws"),
    `
    case "$*" in
      *get-parameter*)
        if [ ! -e ${file("asked")} ]; then touch ${file("asked")}; echo AccessDenied >&2; exit 254; fi
        cat ${file("introduction.json")} ;;
      *put-parameter*) while [ "$1" != --value ]; do shift; done; echo "$2" >${file("report")} ;;
    esac`,
  );
  command(file("bin/systemctl"), "");
  const traced = ["curl", "jq", "mkdir", "mv", "rm", "grep", "tr", "sleep", "mktemp", "dirname"];
  for (const tool of traced) {
    const path = execFileSync("bash", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
    command(file(`bin/${tool}`), `exec ${path} "$@"`);
  }
  function command(path: string, body: string) {
    const note = `printf '%s\\n' "${path.split("/").at(-1)} $*" >>${file("commands")}`;
    writeFileSync(path, `#!/bin/bash\n${note}\n${body}\n`);
    chmodSync(path, 0o755);
  }
  const child = spawn("bash", [SCRIPT], {
    env: {
      PATH: `${file("bin")}:${process.env.PATH}`,
      IMDS: server.address,
      VAULT_ADDR: server.address,
      PAUSE_SECONDS: "0",
      PATIENCE_SECONDS: "20",
      CONSUL_CONFIG: file("consul/90-drover.json"),
      NOMAD_CONFIG: file("nomad/90-drover.json"),
      NOMAD_DATA: file("data"),
      VAULT_TOKEN_FILE: file("run/vault-token"),
      XDG_RUNTIME_DIR: file("run"),
    },
  });
  const [output, errors, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]);
  const read = (name: string) =>
    existsSync(file(name)) ? readFileSync(file(name), "utf8") : undefined;
  return {
    folder,
    status,
    printed: output + errors,
    commands: read("commands") ?? "",
    read,
    json: (name: string): unknown => JSON.parse(read(name) ?? "null"),
    heard: server.heard.map(({ method, url }) => `${method} ${url.pathname}`),
  };
}

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
