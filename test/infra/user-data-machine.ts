import { execFileSync, spawn } from "node:child_process";
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
import { onTestFinished } from "vitest";
import type { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import { type Heard, reply, startScriptedServer } from "../helpers/scripted-server.ts";
import { REPOSITORY } from "./samples.ts";

export const SCRIPT = join(REPOSITORY, "examples/user-data.sh");
export const INSTANCE = "i-0123456789abcdef0";
export const introduction = {
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

/** The metadata service of an instance, and a Vault, behind one address. */
export type Answers = Partial<Record<string, readonly [status: number, body: unknown]>>;
export const healthy: Answers = {
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
export async function boot(
  answers: (heard: Heard, number: number) => Answers,
  given: IntroductionParameter = introduction,
  folder = mkdtempSync(join(tmpdir(), "drover-machine-")),
) {
  const respond = (heard: Heard, response: ServerResponse, number: number) => {
    const [status, body] = answers(heard, number)[heard.url.pathname] ?? [404, ""];
    reply(response, status, body);
  };
  const server = await startScriptedServer(respond);
  onTestFinished(() => server.close());
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
