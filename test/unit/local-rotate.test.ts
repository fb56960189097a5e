import { expect, it } from "vitest";
import { parse } from "yaml";
import { LOCAL_HELP } from "../../bin/cli/local-help.ts";
import { DEFAULT_LOCAL_CONFIG, LocalConfig } from "../../local/local-config.ts";
import { startLocalStack } from "../../local/stack.ts";

const { groups } = DEFAULT_LOCAL_CONFIG;
const token = { name: "token", kind: "vault-token", role: "nomad-server", secret: "token" };

function issues(rotation: Readonly<Record<string, unknown>>): string[] {
  const result = LocalConfig.safeParse({ groups, rotate: { of: [rotation] } });
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

it("the local stack looks at its rotations as often as a deployed one", () => {
  expect(LocalConfig.parse({ groups, rotate: { of: [token] } }).rotate?.lookSeconds).toBe(300);
});

it.each([
  [{ ...token, role: "other" }, "rotate.of.0.role: the local stack's token role is nomad-server"],
  [
    { ...token, kind: "vault-secret-id", role: "other" },
    "rotate.of.0.role: the local stack's AppRole role is backup, at approle",
  ],
  [
    { ...token, kind: "vault-secret-id", role: "backup", mount: "other" },
    "rotate.of.0.role: the local stack's AppRole role is backup, at approle",
  ],
  [
    { name: "key", kind: "nomad-gossip-key", secret: "key" },
    "rotate.of.0.kind: of this kind there is nothing on the local stack, but of vault-token, " +
      "vault-secret-id, vault-barrier-key, consul-token, nomad-token, nomad-root-key",
  ],
])("it refuses what it has nothing to rotate for", (rotation, issue) => {
  expect(issues(rotation)).toEqual([issue]);
});

it("leaves real servers of Nomad and Consul alone", async () => {
  const rotate = { of: [{ name: "jobs", kind: "nomad-token", secret: "jobs" }] };
  const nomad = { address: "http://127.0.0.1:1", token: "x", tls: undefined, region: undefined };
  await expect(
    startLocalStack({ config: LocalConfig.parse({ groups, rotate }), real: { nomad } }),
  ).rejects.toThrow(/^rotate: jobs is a nomad-token, .* not at http:\/\/127\.0\.0\.1:1$/);
});

it("takes the configuration that drover local --help shows", () => {
  const [, example = ""] = /what is rotated:\n\n(.*?)\n\nA failure/s.exec(LOCAL_HELP) ?? [];
  const { rotate } = LocalConfig.parse(parse(example));
  expect(rotate?.of).toMatchObject([{ name: "server-token", graceSeconds: 10 }]);
});
