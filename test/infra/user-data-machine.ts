import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import {
  type IntroductionParameter,
  IntroductionReport,
} from "../../lambdas/contracts/introduction.ts";
import { reply, startScriptedServer } from "../helpers/scripted-server.ts";
import { REPOSITORY } from "./samples.ts";

export const SCRIPT = join(REPOSITORY, "examples/user-data.sh");
export const INSTANCE = "i-0123456789abcdef0";

/** What the script runs, beside the AWS CLI and systemctl, which are played here. */
const TOOLS = "curl jq flock mkdir mv cp rm touch cmp grep tr sleep mktemp sha256sum".split(" ");
const PATHS = new Map<string, string>();
const STATE = "autoscaling/target-lifecycle-state";

/** What fails the first time. */
export type Fails = "get-parameter" | "put-parameter" | "systemctl";

interface BootOptions {
  readonly vaultAddress?: string;
  /** @default 20 */
  readonly patienceSeconds?: number;
  /** @default 0 */
  readonly returnSeconds?: number;
  /** What the metadata say at each look, then InService. @default [] */
  readonly states?: readonly string[];
}

/** An instance that can be booted again and again. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "drover-machine-"));

  constructor(introduction: IntroductionParameter, fails?: Fails) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    for (const name of ["bin", "consul", "nomad", "run"]) mkdirSync(this.file(name));
    this.introduce(introduction);
    if (fails) this.failOnce(fails);
    const failing = (what: Fails) => {
      const sign = this.file(`fails-${what}`);
      return `if [ -e ${sign} ]; then rm ${sign}; echo AccessDenied >&2; exit 254; fi`;
    };
    this.#command(
      "aws",
      `case "$*" in
        *get-parameter*)
          ${failing("get-parameter")}
          [ -e ${this.file("introduction.json")} ] || { echo AccessDenied >&2; exit 254; }
          cat ${this.file("introduction.json")} ;;
        *put-parameter*)
          ${failing("put-parameter")}
          while [ "$1" != --value ]; do shift; done; echo "$2" >${this.file("report")} ;;
      esac`,
    );
    this.#command("systemctl", failing("systemctl"));
    for (const tool of TOOLS) this.#command(tool, `exec ${pathOf(tool)} "$@"`);
  }

  /** Drover puts it into the parameter. */
  introduce(introduction: IntroductionParameter): void {
    this.write("introduction.json", JSON.stringify(introduction));
  }

  /** The next such command fails. */
  failOnce(what: Fails): void {
    this.write(`fails-${what}`, "");
  }

  /** Drover has taken it away again. */
  withdraw(): void {
    rmSync(this.file("introduction.json"));
  }

  /** It stops, for the next start: what is on the disk stays, what is in memory does not. */
  stop(): void {
    rmSync(this.file("run"), { recursive: true });
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string): void {
    writeFileSync(this.file(name), content);
  }

  read(name: string): string | undefined {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), "utf8") : undefined;
  }

  json(name: string): unknown {
    return JSON.parse(this.read(name) ?? "null");
  }

  /** What it has reported to Drover; undefined as long as it has not. */
  get report(): IntroductionReport | undefined {
    const text = this.read("report");
    return text === undefined ? undefined : IntroductionReport.parse(JSON.parse(text));
  }

  /** Every command that was run so far, with its arguments. */
  get commands(): string {
    return this.read("commands") ?? "";
  }

  /** The environments of those commands. */
  get environments(): string {
    return this.read("environments") ?? "";
  }

  /** What there is in the memory that outlives a run. */
  get left(): string[] {
    return readdirSync(this.file("run"), { recursive: true }).map(String).sort();
  }

  /** What it finds on its disk at the next boot. */
  get kept(): string[] {
    return readdirSync(this.file("state"), { recursive: true }).map(String).sort();
  }

  /** What systemctl was told to do. */
  get told(): string[] {
    return [...this.commands.matchAll(/^systemctl (.*)$/gm)].map(([, what = ""]) => what);
  }

  get hasStarted(): boolean {
    return this.commands.includes("systemctl enable --now consul nomad");
  }

  /** Runs the script to its end. */
  async boot(options: BootOptions = {}) {
    const { vaultAddress = "", patienceSeconds = 20, returnSeconds = 0, states = [] } = options;
    const imds = await startImds([...states]);
    onTestFinished(imds.close);
    const child = spawn("bash", [SCRIPT], {
      env: {
        PATH: `${this.file("bin")}:${process.env.PATH}`,
        IMDS: imds.address,
        VAULT_ADDR: vaultAddress,
        PAUSE_SECONDS: "0",
        PATIENCE_SECONDS: String(patienceSeconds),
        CONSUL_CONFIG: this.file("consul/90-drover.json"),
        NOMAD_CONFIG: this.file("nomad/90-drover.json"),
        NOMAD_DATA: this.file("data"),
        RETURN_SECONDS: String(returnSeconds),
        RUN_FOLDER: this.file("run"),
        STATE_FOLDER: this.file("state"),
      },
    });
    const [output, errors, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.on("close", resolve)),
    ]);
    return { status, printed: output + errors };
  }

  /** Writes down what it is called with, and what is in its environment. */
  #command(name: string, body: string): void {
    const path = this.file(`bin/${name}`);
    // By bash itself: a process more for each command would take as long as all the rest.
    const notes = `printf '%s\\n' "${name} $*" >>${this.file("commands")}
      mapfile -d '' environment </proc/$$/environ
      printf '%s\\n' "\${environment[@]}" >>${this.file("environments")}`;
    writeFileSync(path, `#!/bin/bash\n${notes}\n${body}\n`);
    chmodSync(path, 0o755);
  }
}

/** Which of the script's tools is not here; CI has to have them all. */
export function missingTool(): string | undefined {
  const tools = ["bash", "curl", "jq", "flock"];
  const missing = tools.find(
    (tool) => spawnSync("bash", ["-c", `command -v ${tool}`]).status !== 0,
  );
  return process.env.CI ? undefined : missing;
}

/** @throws when the tool is not here: without it nothing is known about the script. */
function pathOf(tool: string): string {
  const known = PATHS.get(tool) ?? findPath(tool);
  PATHS.set(tool, known);
  return known;
}

function findPath(tool: string): string {
  try {
    return execFileSync("bash", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
  } catch (cause) {
    const needs = "examples/user-data.sh and its tests need bash, curl, jq and util-linux";
    throw new Error(`there is no ${tool}: ${needs} (apt-get install curl jq)`, { cause });
  }
}

/** The metadata service of the instance. @param states what it says of its lifecycle, one after the other. */
export async function startImds(states: string[]) {
  const data: Record<string, string> = {
    "instance-id": INSTANCE,
    "placement/region": "eu-central-1",
  };
  return startScriptedServer(({ url, method, headers }, response) => {
    if (method === "PUT") return reply(response, 200, "imds-token");
    if (headers["x-aws-ec2-metadata-token"] !== "imds-token") return reply(response, 401, "");
    const path = url.pathname.replace("/latest/meta-data/", "");
    const isState = path === STATE;
    const value = isState ? (states.shift() ?? "InService") : data[path];
    return reply(response, value === undefined ? 404 : 200, value ?? "");
  });
}
