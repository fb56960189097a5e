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
        /^ {2}nomad\.address: must hold no user name or password: put the token/,
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
    expect(complaints(sized(33, 3))).toEqual([]);
    expect(complaints(sized(20, 5))).toEqual([
      "  functions.maxConcurrency: times nomad.maxSockets is 100, and Nomad refuses 100 " +
        "connections from one address (http_max_conns_per_client): lower one of the two",
    ]);
  });
});

describe("every complaint names the field and what it should be", () => {
  const group = { name: "nomad-clients" };
  it.each<[object, RegExp]>([
    [{ name: "Drover" }, /^ {2}name: must be lower case letters, digits and hyphens/],
    [{ account: "12" }, /^ {2}account: must be a 12-digit AWS account id, in quotes/],
    [{ account: 123456789012 }, /^ {2}account: .*expected string/],
    [{ region: "Frankfurt" }, /^ {2}region: must be an AWS region such as eu-central-1/],
    [address("nomad:4646"), /^ {2}nomad\.address: must be a URL such as https:\/\/nomad:4646/],
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
