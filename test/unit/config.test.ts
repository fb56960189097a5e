import { describe, expect, it } from "vitest";
import { ConfigError, type ConfigInput, parseConfig } from "../../lambdas/contracts/config.ts";
import { testConfig } from "../helpers/config.ts";

/** The lines of the error for a good configuration with that change. */
function complaints(change: object): string[] {
  try {
    testConfig(change as Partial<ConfigInput>);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").slice(1);
  }
  return [];
}

const address = (text: string) => ({ nomad: { address: text } });

describe("a configuration that would do harm is refused", () => {
  it.each(["https://user:pass@nomad:4646", "https://user@nomad:4646", "http://:s3cr3t@nomad:4646"])(
    "a user name or password in %s, which is not repeated",
    (text) => {
      const [line = "", ...others] = complaints(address(text));
      expect(line).toMatch(
        /^ {2}nomad\.address: must hold no user name or password: secrets belong into Secrets Manager/,
      );
      expect(line).not.toMatch(/user:|user@|s3cr3t/);
      expect(others).toEqual([]);
    },
  );

  it.each(["*", "nomad-*", "nomad-?"])("a group named %s, which would stand for many", (name) => {
    expect(complaints({ groups: [{ name }] })).toEqual([
      "  groups.0.name: must be the name of one group, without * or ?: list each group by itself",
    ]);
  });

  it("more connections than Nomad takes from one address", () => {
    const sized = (maxConcurrency: number, maxSockets: number) => ({
      functions: { maxConcurrency },
      nomad: { address: "https://nomad:4646", maxSockets },
    });
    expect(complaints(sized(9, 3))).toEqual([]);
    expect(complaints(sized(10, 3))).toEqual([
      "  functions.maxConcurrency: makes 34 instances of drain-client, join-client, register-node, " +
        "heal-node, sweep; times nomad.maxSockets that is 102 connections, and Nomad refuses 100 " +
        "connections from one address (http_max_conns_per_client): lower one of the two",
    ]);
  });

  it("more connections than Consul takes, which are twice as many; Vault takes any number", () => {
    const sized = (maxConcurrency: number, maxSockets: number) => ({
      functions: { maxConcurrency },
      nomad: { address: "https://nomad:4646", maxSockets: 1 },
      consul: { address: "https://consul:8501", maxSockets },
      vault: {
        address: "https://vault:8200",
        login: { method: "aws", role: "drover" },
        maxSockets: 50,
      },
    });
    expect(complaints(sized(20, 3))).toEqual([]);
    expect(complaints(sized(10, 6))).toEqual([
      "  functions.maxConcurrency: makes 34 instances of drain-client, join-client, register-node, " +
        "heal-node, sweep; times consul.maxSockets that is 204 connections, and Consul refuses 200 " +
        "connections from one address (http_max_conns_per_client): lower one of the two",
    ]);
  });

  it("and the defaults stay below them, with rotations, which are two more", () => {
    const nomad = { address: "https://nomad:4646" };
    const consul = { address: "https://consul:8501" };
    expect(complaints({ nomad, consul })).toEqual([]);
    const rotate = { of: [{ name: "root", kind: "nomad-root-key" }] };
    expect(complaints({ nomad, consul, rotate })).toEqual([]);
    const six = { functions: { maxConcurrency: 6 }, nomad: { ...nomad, maxSockets: 4 } };
    expect(complaints({ ...six, rotate })).toEqual([]);
    expect(complaints({ ...six, functions: { maxConcurrency: 7 } })).toEqual([
      expect.stringContaining("makes 25 instances of "),
    ]);
    expect(complaints({ ...six, functions: { maxConcurrency: 7 }, rotate })).toEqual([
      expect.stringContaining("makes 27 instances of "),
    ]);
  });

  it("a rotation on a server that nobody has described", () => {
    const of = [
      { name: "barrier", kind: "vault-barrier-key" },
      { name: "gossip", kind: "consul-gossip-key", secret: "gossip" },
      { name: "root", kind: "nomad-root-key" },
    ];
    const nomad = { tokenFromVault: { role: "drover-rotate" } };
    expect(complaints({ rotate: { of, nomad } })).toEqual([
      "  rotate.of.0.kind: needs the section vault: that is where it is made",
      "  rotate.of.1.kind: needs the section consul: that is where it is made",
      "  rotate.nomad.tokenFromVault: needs the section vault",
    ]);
  });

  it("but not a watch with nothing to rotate", () => {
    expect(complaints({ rotate: {} })).toEqual([]);
    expect(complaints({ rotate: { of: [], nomad: { tokenSecret: "rotate" } } })).toEqual([]);
  });

  it("but not one that names a server of its own", () => {
    const login = { method: "approle", secret: "other/login" };
    const server = { address: "https://other-vault:8200", namespace: "team", login };
    const of = [
      { name: "token", kind: "vault-token", role: "nomad", secret: "token", server },
      { name: "login", kind: "vault-secret-id", role: "backup", secret: "login" },
      { name: "half", kind: "vault-token", role: "a", secret: "half", server: { namespace: "a" } },
    ];
    expect(complaints({ rotate: { of: of.slice(0, 2) } })).toEqual([
      "  rotate.of.1.kind: needs the section vault: that is where it is made",
    ]);
    expect(complaints({ rotate: { of: of.slice(2) } }).join()).toMatch(
      /rotate.of.0.server.address: .*rotate.of.0.server.login: /,
    );
  });

  it("a variable where Nomad takes none", () => {
    const paths = [
      "nomad/jobs",
      "nomad/jobs/web/group",
      "nomad/job-templates/a",
      "nomads",
      "a/b-c~d",
    ];
    const refused = ["nomad", "nomad/web", "/a", "a/", "a//b", "a.b", "a b", "x".repeat(129)];
    const of = [...paths, ...refused].map((path, n) => ({
      ...{ name: `token-${n}`, kind: "consul-token", secret: `token-${n}` },
      nomadVariable: { path },
    }));
    const consul = { address: "https://consul:8501" };
    const found = complaints({ consul, rotate: { of } }).map((text) => text.split(": ")[0]);
    expect(found).toEqual(
      refused.map((_, n) => `  rotate.of.${paths.length + n}.nomadVariable.path`),
    );
  });

  it("the same thing in two rotations: each would revoke what the other one publishes", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/token-AbCdEf";
    const token = (n: number, secret: string, more: object) => ({
      ...{ name: `token-${n}`, kind: "consul-token", secret, ...more },
    });
    const of = [
      token(0, "a/token", { parameter: "/token", nomadVariable: { path: "token" } }),
      token(1, arn, { parameter: "/tokens" }),
      token(2, "c", { parameter: "/token", nomadVariable: { path: "token", namespace: "web" } }),
      token(2, "d", { nomadVariable: { path: "token" } }),
      { name: "key-1", kind: "consul-gossip-key", secret: "key" },
      { name: "key-2", kind: "consul-gossip-key", secret: "other-key" },
      { name: "root-1", kind: "nomad-root-key" },
      { name: "root-2", kind: "nomad-root-key" },
    ];
    const consul = { address: "https://consul:8501" };
    expect(complaints({ consul, rotate: { of } })).toEqual([
      "  rotate.of.1.secret: token-0 rotates it already",
      "  rotate.of.2.parameter: token-0 rotates it already",
      "  rotate.of.3.name: token-2 rotates it already",
      "  rotate.of.3.nomadVariable: token-0 rotates it already",
      "  rotate.of.5.kind: key-1 rotates it already",
      "  rotate.of.7.kind: root-1 rotates it already",
    ]);
  });

  it("a secret by a part of its ARN, and one that is to be rotated every minute", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/token";
    const token = { name: "token", kind: "consul-token", graceSeconds: 1, verifySeconds: 1 };
    const consul = { address: "https://consul:8501" };
    const of = [{ ...token, secret: arn, everySeconds: 60 }];
    expect(complaints({ consul, rotate: { of } }).join()).toMatch(
      /rotate.of.0.everySeconds: .*600.*rotate.of.0.secret: must be a name, or the whole ARN/,
    );
    const whole = [{ ...token, secret: `${arn}-AbCdEf`, everySeconds: 600 }];
    expect(complaints({ consul, rotate: { of: whole } })).toEqual([]);
  });

  it("a wait for an instance that what it is given does not survive", () => {
    const vault = { address: "https://vault:8200", login: { method: "aws", role: "drover" } };
    const waiting = (timeoutSeconds: number, introduction: object) =>
      complaints({
        vault,
        introduction,
        groups: [{ name: "others" }, { name: "slow", join: { timeoutSeconds } }],
      });
    const longer = (field: string, seconds: number) =>
      `  groups.1.join.timeoutSeconds: is longer than ${field} (${seconds}): what an instance is ` +
      "given would run out while Drover waits for it. Raise that, or lower this";
    const withVault = { vault: { role: "drover-node" } };
    expect(waiting(1_800, withVault)).toEqual([]);
    expect(waiting(1_801, withVault)).toEqual([
      longer("introduction.vault.ttlSeconds", 1_800),
      longer("introduction.nomad.ttlSeconds", 1_800),
    ]);
    expect(waiting(3_601, { nomad: false })).toEqual([
      longer("introduction.expiresAfterSeconds", 3_600),
    ]);
    expect(waiting(3_600, { nomad: { ttlSeconds: 3_600 } })).toEqual([]);
  });

  it("two sources of one token", () => {
    const both = { tokenSecret: "token", tokenFromVault: { role: "drover" } };
    const vault = { address: "https://vault:8200", login: { method: "aws", role: "drover" } };
    for (const server of ["nomad", "consul"]) {
      expect(complaints({ vault, [server]: { address: "https://server", ...both } })).toEqual([
        `  ${server}.tokenFromVault: name either tokenSecret or tokenFromVault, not both`,
      ]);
    }
  });

  it("what needs Vault without Vault", () => {
    expect(complaints({ introduction: { vault: { role: "nomad-client" } } })).toEqual([
      "  introduction.vault: needs the section vault: Drover has to log in to make secret ids",
    ]);
    const consul = { address: "https://consul:8501", tokenFromVault: { role: "drover" } };
    expect(complaints({ consul })).toEqual(["  vault: is missing, and tokenFromVault needs it"]);
  });
});

describe("the defaults", () => {
  it("leave Consul and Vault alone, give new instances nothing and believe in instance ids", () => {
    const { consul, vault, introduction, nodeNames } = testConfig();
    expect([consul, vault, introduction, nodeNames]).toEqual([
      undefined,
      undefined,
      undefined,
      "instance-id",
    ]);
  });

  it("of an introduction are tokens of Nomad and Consul under /drover/nodes for an hour", () => {
    expect(testConfig({ introduction: {} }).introduction).toEqual({
      path: "/drover/nodes",
      expiresAfterSeconds: 3_600,
      writesPerSecond: 3,
      nomad: { ttlSeconds: 1_800 },
      consul: true,
    });
    expect(testConfig({ introduction: { nomad: false } }).introduction?.nomad).toBe(false);
  });

  it("of a join are 15 minutes, and three abandoned launches an hour", () => {
    expect(testConfig().groups[0]?.join).toEqual({
      timeoutSeconds: 900,
      pollSeconds: 5,
      nodePool: "default",
      breaker: { abandons: 3, windowSeconds: 3_600 },
    });
  });
});

describe("every complaint names the field and what it should be", () => {
  const group = { name: "nomad-clients" };
  it.each<[object, RegExp]>([
    [{ name: "Drover" }, /^ {2}name: must be lower case letters, digits and hyphens/],
    [{ account: "12" }, /^ {2}account: must be a 12-digit AWS account id, in quotes/],
    [{ account: 123456789012 }, /^ {2}account: .*expected string/],
    [{ region: "Frankfurt" }, /^ {2}region: must be an AWS region such as eu-central-1/],
    [
      address("nomad:4646"),
      /^ {2}nomad\.address: must be a URL such as https:\/\/nomad\.example\.internal:4646/,
    ],
    [{ alarms: { topicArn: "pager" } }, /^ {2}alarms\.topicArn: must be an ARN of sns/],
    [{ alarms: { off: true, because: "so" } }, /^ {2}alarms\.because: say why, in a sentence/],
    [
      { alarms: { off: true } },
      /^ {2}alarms: must be {topicArn: ARN} .*, or {off: true, because: /,
    ],
    [{ groups: [] }, /^ {2}groups: .*>=1/],
    [{ groups: [group, group] }, /^ {2}groups: two groups have the same name/],
    [{ groups: [{ ...group, role: "client" }] }, /^ {2}groups\.0: .*"role"/],
    [{ groups: [{ ...group, drain: { pollSeconds: 0 } }] }, /^ {2}groups\.0\.drain\.pollSeconds: /],
    [
      { groups: [{ ...group, join: { nomadVersion: "latest" } }] },
      /^ {2}groups\.0\.join\.nomadVersion: must be a version or the first numbers of one, in quotes/,
    ],
    [{ introduction: { path: "nodes/" } }, /^ {2}introduction\.path: must be a path such as/],
    [
      { introduction: { expiresAfterSeconds: 90_000 } },
      /^ {2}introduction\.expiresAfterSeconds: .*86400/,
    ],
    [
      { consul: { address: "consul:8500" } },
      /^ {2}consul\.address: must be a URL such as https:\/\/nomad/,
    ],
    [
      { vault: { address: "https://vault:8200", login: { method: "token" } } },
      /^ {2}vault\.login\.method: method must be aws, jwt or approle, each with its own fields/,
    ],
    [{ nodeNames: "ip" }, /^ {2}nodeNames: .*"instance-id"/],
    [
      { externalNodes: { services: [{ name: "ssh", port: 70_000 }] } },
      /^ {2}externalNodes\.services\.0\.port: .*65535/,
    ],
    [{ grups: [] }, /^ {2}\(the whole file\): .*"grups"/],
  ])("%j", (change, line) => {
    const lines = complaints(change);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
  });

  it("has a line for each, under the file's name", () => {
    const bad = { ...testConfig(), account: "1", region: "here" };
    expect(() => parseConfig(bad, "drover.yaml")).toThrow(
      /^drover\.yaml can't be used:\n {2}account: .*\n {2}region: .*$/,
    );
  });
});
