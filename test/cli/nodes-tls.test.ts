import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, startCliWorld } from "../helpers/cli-world.ts";
import { runCli } from "../helpers/run-cli.ts";
import { reply, startScriptedServer } from "../helpers/scripted-server.ts";

const NAME = "server.global.nomad";

let world: CliWorld;
let server: Awaited<ReturnType<typeof startScriptedServer>>;
let folder: string;

beforeAll(async () => {
  world = await startCliWorld();
  const { cert, private: key } = await generate([{ name: "commonName", value: NAME }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: NAME }] },
    ],
  });
  folder = mkdtempSync(join(tmpdir(), "drover-tls-"));
  writeFileSync(join(folder, "cert.pem"), cert);
  writeFileSync(join(folder, "key.pem"), key);
  const tls = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true };
  server = await startScriptedServer((_, response) => reply(response, 200, []), tls);
});
afterAll(async () => {
  await server.close();
  await world.stop();
  rmSync(folder, { recursive: true });
});

/** The variables of Nomad's own command line, for a Nomad that asks for a client certificate. */
const variables = () => ({
  NOMAD_ADDR: server.address,
  NOMAD_CACERT: join(folder, "cert.pem"),
  NOMAD_CLIENT_CERT: join(folder, "cert.pem"),
  NOMAD_CLIENT_KEY: join(folder, "key.pem"),
  NOMAD_TLS_SERVER_NAME: NAME,
});

describe("a Nomad behind mutual TLS", () => {
  const nodes = (environment: Record<string, string | undefined>) =>
    runCli(["nodes", "--json"], { ...world.environment, ...environment });

  it("is read with the CA, the client certificate and the server's name", async () => {
    const { code, stdout, stderr } = await nodes(variables());
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ sources: { nomad: "said" }, nodes: [] });
    expect(code).toBe(0);
  });

  it.each([
    ["its CA", "NOMAD_CACERT", "self-signed certificate"],
    ["its name", "NOMAD_TLS_SERVER_NAME", "altnames"],
    ["a client certificate", "NOMAD_CLIENT_CERT", "is the address in NOMAD_ADDR right?"],
  ])("is not, without %s", async (_, variable, reason) => {
    const { code, stderr } = await nodes({ ...variables(), [variable]: undefined });
    expect(stderr).toContain("drover: Nomad: /v1/nodes: ");
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(1);
  });
});
