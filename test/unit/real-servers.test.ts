import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AwsModel } from "../../local/aws/aws-model.ts";
import type { SecretsManagerModel } from "../../local/aws/secrets-manager/secrets-manager-model.ts";
import { VirtualClock } from "../../local/clock.ts";
import { readRealServers } from "../../local/real-servers/real-servers.ts";
import { serverConfig, tokenServerConfig } from "../../local/real-servers/server-config.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

function pemFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), "drover-test-")), "ca.pem");
  writeFileSync(path, PEM);
  return path;
}

describe("which servers are real", () => {
  it("none, unless their addresses are set", () => {
    expect(readRealServers({ NOMAD_TOKEN: "x", CONSUL_BIN: "/bin/consul" })).toEqual({});
  });

  it("those whose addresses are set, by the variables of their own command lines", () => {
    const ca = pemFile();
    const real = readRealServers({
      NOMAD_ADDR: "https://nomad.example.internal:4646",
      NOMAD_REGION: "eu",
      NOMAD_CACERT: ca,
      CONSUL_HTTP_ADDR: "192.0.2.5:8501",
      CONSUL_HTTP_SSL: "true",
      CONSUL_HTTP_TOKEN: "of-consul",
      CONSUL_BIN: "/opt/consul",
      VAULT_ADDR: "http://127.0.0.1:8200",
      VAULT_TOKEN: "of-vault",
      VAULT_NAMESPACE: "team",
    });
    expect(real).toEqual({
      nomad: {
        address: "https://nomad.example.internal:4646",
        token: undefined,
        tls: { ca: PEM },
        region: "eu",
      },
      consul: {
        address: "https://192.0.2.5:8501",
        token: "of-consul",
        tls: undefined,
        agentBinary: "/opt/consul",
      },
      vault: {
        address: "http://127.0.0.1:8200",
        token: "of-vault",
        tls: undefined,
        namespace: "team",
      },
    });
  });

  it("not the models of another local stack", () => {
    const models = "http://127.0.0.1:1001,http://127.0.0.1:1002,http://127.0.0.1:1003";
    const printed = {
      DROVER_LOCAL_MODELS: models,
      NOMAD_ADDR: "http://127.0.0.1:1001",
      CONSUL_HTTP_ADDR: "http://127.0.0.1:1002",
    };
    expect(readRealServers(printed)).toEqual({});
    const other = { ...printed, CONSUL_HTTP_ADDR: "http://127.0.0.1:8500" };
    expect(Object.keys(readRealServers(other))).toEqual(["consul"]);
  });

  it("a Vault without a token can't be set up", () => {
    expect(() => readRealServers({ VAULT_ADDR: "http://127.0.0.1:8200" })).toThrow("VAULT_TOKEN");
  });

  it("a file that is not there is named with its variable", () => {
    const variables = { CONSUL_HTTP_ADDR: "http://127.0.0.1:8500", CONSUL_CACERT: "/no/ca.pem" };
    expect(() => readRealServers(variables)).toThrow("CONSUL_CACERT: can't read /no/ca.pem");
  });
});

describe("what the functions are told of a server", () => {
  const secrets = (): SecretsManagerModel => new AwsModel({ clock: new VirtualClock() }).secrets;

  it("holds no secret: these are where the functions look for them", () => {
    const manager = secrets();
    const tls = {
      ca: PEM,
      serverName: "server.dc1.consul",
      certificate: "cert",
      privateKey: "key",
    };
    const server = { address: "https://127.0.0.1:8501", token: "of-consul", tls };
    expect(tokenServerConfig("consul", server, manager)).toEqual({
      address: "https://127.0.0.1:8501",
      tokenSecret: "drover/consul-token",
      tls: {
        ca: PEM,
        serverName: "server.dc1.consul",
        clientCertificateSecret: "drover/consul-client-certificate",
      },
    });
    expect(manager.get("drover/consul-token").value).toBe("of-consul");
    const held = JSON.parse(manager.get("drover/consul-client-certificate").value);
    expect(held).toEqual({ certificate: "cert", privateKey: "key" });
  });

  it("is its address alone where there is nothing else", () => {
    const server = { address: "http://127.0.0.1:8200", tls: undefined };
    expect(serverConfig("vault", server, secrets())).toEqual({ address: server.address });
  });
});
