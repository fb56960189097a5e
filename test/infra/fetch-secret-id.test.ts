import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { vaultWrappings } from "../../lambdas/clients/vault/rotate/wrappings.ts";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import { startModelVault } from "../clients/contract/vault-model.ts";
import { sessionOf } from "../clients/contract/vault-rotation.ts";
import { call, type VaultServer, vaultOf } from "../clients/contract/vault-server.ts";
import { REPOSITORY } from "./samples.ts";
import { INSTANCE, missingTool, startImds } from "./user-data-machine.ts";

const SCRIPT = join(REPOSITORY, "examples/fetch-secret-id.sh");
const missing = missingTool();
if (missing) {
  it.skip(`NOT RUN: examples/fetch-secret-id.sh, for want of ${missing} (apt-get install curl jq)`);
}

describe.skipIf(missing)("examples/fetch-secret-id.sh", () => {
  let server: VaultServer;
  beforeAll(async () => {
    server = await startModelVault();
  });
  afterAll(() => server.stop());

  /** A machine, for which something lies in its parameter; the AWS CLI is played. */
  function machine() {
    const folder = mkdtempSync(join(tmpdir(), "drover-fetch-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const parameter = join(folder, "parameter");
    writeFileSync(
      join(folder, "aws"),
      `#!/bin/bash\necho "$*" >>${folder}/commands\n[ -e ${parameter} ] || { echo AccessDenied >&2; exit 254; }\ncat ${parameter}\n`,
    );
    chmodSync(join(folder, "aws"), 0o755);
    const read = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8").trim() : undefined;
    return {
      folder,
      read,
      give: (given: object) => writeFileSync(parameter, JSON.stringify(given)),
      async run() {
        const imds = await startImds([]);
        const child = spawn("bash", [SCRIPT, "/proxies/vault", join(folder, "vault")], {
          env: {
            PATH: `${folder}:${process.env.PATH}`,
            IMDS: imds.address,
            VAULT_ADDR: server.address,
            PATIENCE_SECONDS: "0",
            PAUSE_SECONDS: "0",
          },
        });
        const printed = Promise.all([text(child.stdout), text(child.stderr)]);
        const status = await new Promise((resolve) => child.on("close", resolve));
        await imds.close();
        return { status, printed: (await printed).join("") };
      },
    };
  }

  async function wrapped(secretId: string) {
    const wrappings = vaultWrappings(sessionOf(server));
    const made = await wrappings.wrap({ role_id: "the-role", secret_id: secretId }, 600);
    return { wrappedSecretId: made.token, creationPath: made.creationPath };
  }

  it("is good bash", () => {
    expect(spawnSync("bash", ["-n", SCRIPT]).status).toBe(0);
  });

  it("writes what was wrapped, for its owner alone, and shows none of it", async () => {
    const { give, run, read, folder } = machine();
    const given = await wrapped("secret-one");
    give(given);
    const { status, printed } = await run();
    expect([status, printed]).toEqual([0, `drover: ${INSTANCE} has another secret id\n`]);
    expect([read("vault/role-id"), read("vault/secret-id")]).toEqual(["the-role", "secret-one"]);
    expect(statSync(join(folder, "vault/secret-id")).mode & 0o777).toBe(0o600);
    expect(read("commands")).toContain(`--name /proxies/vault/${INSTANCE}`);
    expect(`${printed}${read("commands")}`).not.toMatch(/secret-one|the-role/);
    expect(`${printed}${read("commands")}`).not.toContain(given.wrappedSecretId);
  });

  it("opens each wrapping once, and the next one when there is one", async () => {
    const { give, run, read } = machine();
    give(await wrapped("secret-one"));
    expect((await run()).status).toBe(0);
    expect(await run()).toEqual({ status: 0, printed: "" });
    expect(read("vault/secret-id")).toBe("secret-one");
    give(await wrapped("secret-two"));
    expect((await run()).status).toBe(0);
    expect(read("vault/secret-id")).toBe("secret-two");
  });

  it("tells when somebody was there before, and keeps what it has", async () => {
    const { give, run, read } = machine();
    give(await wrapped("secret-one"));
    await run();
    const given = await wrapped("secret-two");
    await call(server, "POST", "sys/wrapping/unwrap", { token: given.wrappedSecretId });
    give(given);
    expect(await run()).toEqual({
      status: 99,
      printed: "drover: the secret id may be somebody else's: Vault knows no such wrapping\n",
    });
    expect(read("vault/secret-id")).toBe("secret-one");
  });

  it("opens no wrapping that something else has made", async () => {
    const { give, run, read } = machine();
    const made = await vaultOf(server).vault.wrapSecretId(NodeId.parse(INSTANCE), 600);
    give({ wrappedSecretId: made.wrappingToken });
    expect((await run()).status).toBe(99);
    expect(read("vault/secret-id")).toBeUndefined();
  });

  it("says what it waited for in vain", async () => {
    expect(await machine().run()).toEqual({
      status: 1,
      printed: `drover: /proxies/vault/${INSTANCE} can't be read: AccessDenied \n`,
    });
  });
});
