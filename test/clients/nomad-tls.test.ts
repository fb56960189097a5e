import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TlsOptions } from "../../lambdas/clients/http/node-transport.ts";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import { NODE_ID, nodeBody } from "../helpers/nomad-bodies.ts";
import { reply, startScriptedServer } from "../helpers/scripted-server.ts";

const NAME = "server.global.nomad";

/** A CA, a server certificate for Nomad's usual name, and a client certificate. */
async function certificates() {
  const ca = await generate([{ name: "commonName", value: "Test CA" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const issue = (commonName: string) =>
    generate([{ name: "commonName", value: commonName }], {
      keyType: "ec",
      algorithm: "sha256",
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: "basicConstraints", cA: false },
        { name: "extKeyUsage", serverAuth: true, clientAuth: true },
        { name: "subjectAltName", altNames: [{ type: 2, value: commonName }] },
      ],
    });
  return { ca: ca.cert, server: await issue(NAME), client: await issue("drover") };
}

describe("TLS with the cluster's own CA and client certificates", () => {
  let made: Awaited<ReturnType<typeof certificates>>;
  let server: Awaited<ReturnType<typeof startScriptedServer>>;

  beforeAll(async () => {
    made = await certificates();
    const { ca } = made;
    server = await startScriptedServer((_, response) => reply(response, 200, nodeBody()), {
      ca,
      cert: made.server.cert,
      key: made.server.private,
      requestCert: true,
      rejectUnauthorized: true,
    });
  });
  afterAll(() => server.close());

  async function read(tls: TlsOptions) {
    const nomad = createNomad({
      address: server.address,
      token: async () => undefined,
      tls,
      retry: { retries: 0 },
    });
    return nomad.node(NODE_ID).finally(nomad.close);
  }

  const own = () => ({ certificate: made.client.cert, privateKey: made.client.private });

  test("works with both and the server's name", async () => {
    expect(await read({ ca: made.ca, ...own(), serverName: NAME })).toMatchObject({ id: NODE_ID });
  });

  test("fails without the CA", async () => {
    await expect(read({ ...own(), serverName: NAME })).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("certificate"),
    });
  });

  test("fails when the server's certificate is for another name", async () => {
    const wrong = read({ ca: made.ca, ...own(), serverName: "server.other.nomad" });
    await expect(wrong).rejects.toThrow(/server\.other\.nomad/);
  });

  test("fails without a client certificate, when the server asks for one", async () => {
    await expect(read({ ca: made.ca, serverName: NAME })).rejects.toMatchObject({
      kind: "unavailable",
    });
  });

  test("never puts the private key into an error", async () => {
    const error: Error = await read({ ...own(), serverName: NAME }).catch((error) => error);
    expect(error.message).not.toContain("PRIVATE KEY");
  });
});
