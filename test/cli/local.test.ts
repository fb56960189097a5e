import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { functionsOf } from "../../lambdas/contracts/config/connections.ts";
import { DEFAULT_LOCAL_CONFIG, LocalConfig } from "../../local/local-config.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";
import { runCli } from "../helpers/run-cli.ts";

const GROUP = "nomad-clients";
const INSTANCES = DEFAULT_LOCAL_CONFIG.groups[0]?.instances ?? [];
const SECRET = "nomad/vault-token";
/** As short as can be, with nobody to use what is rotated. */
const BRIEF = { startedBy: "schedule", verifySeconds: 1, graceSeconds: 1 };
const ROTATE = {
  of: [
    {
      name: "server-token",
      kind: "vault-token",
      role: "nomad-server",
      secret: SECRET,
      testPath: "secret/data/nomad",
      consumerRenews: false,
      ...BRIEF,
    },
    { name: "backup", kind: "vault-secret-id", role: "backup", secret: "backup", ...BRIEF },
    { name: "barrier", kind: "vault-barrier-key" },
    { name: "jobs", kind: "nomad-token", secret: "jobs", testPath: "/v1/nodes", ...BRIEF },
    {
      name: "services",
      kind: "consul-token",
      secret: "services",
      testPath: "/v1/catalog/nodes",
      ...BRIEF,
    },
    { name: "variables", kind: "nomad-root-key" },
  ],
};

let stack: LocalStack;

beforeAll(async () => {
  const groups = [
    { name: GROUP, instances: INSTANCES, join: { pollSeconds: 1 }, machines: { bootSeconds: 1 } },
  ];
  stack = await startLocalStack({
    config: LocalConfig.parse({ groups, rotate: ROTATE }),
    timings: { ec2: { pendingSeconds: 1 } },
  });
});
afterAll(() => stack.stop());

function launch(): string {
  const { autoScaling } = stack.cluster.aws;
  const { desiredCapacity } = autoScaling.group(GROUP);
  autoScaling.setDesiredCapacity(GROUP, desiredCapacity + 1);
  return [...autoScaling.group(GROUP).members.keys()].at(-1) ?? "";
}

it("lets a launched instance in through the real functions, and every source agrees", async () => {
  const id = launch();
  const state = () => stack.cluster.aws.autoScaling.findMember(id)?.lifecycleState;
  await expect.poll(state, { timeout: 40_000 }).toBe("InService");
  const history = await runCli(["history", id], stack.environment);
  expect(history.stdout).toContain("* completed hook drover-launch with CONTINUE");
  const { stdout, stderr } = await runCli(["nodes", "--json"], stack.environment);
  expect(stderr).toBe("");
  const nodes = JSON.parse(stdout).nodes as { node: string; disagreements: unknown[] }[];
  expect(nodes.map(({ node }) => node)).toEqual([...INSTANCES, id].sort());
  expect(nodes.flatMap(({ disagreements }) => disagreements)).toEqual([]);
});

it("has each function work on a queue of its own", () => {
  const { queues } = stack;
  expect(Object.keys(queues)).toEqual(functionsOf({ rotate: ROTATE }));
  for (const { deadLetters } of Object.values(queues)) expect(deadLetters.receive(1)).toEqual([]);
});

it("knows what is rotated from the first on, and rotates it", async () => {
  const old = JSON.parse(stack.cluster.aws.secrets.get(SECRET).value);
  const { stdout } = await runCli(["rotations", "--json"], stack.environment);
  const rows: { name: string }[] = JSON.parse(stdout);
  const isRotated = ({ name }: { name: string }) => ROTATE.of.some((each) => each.name === name);
  expect(rows.filter((row) => !isRotated(row)).length).toBeGreaterThan(0);
  expect(rows.filter(isRotated)).toMatchObject([
    { name: "backup", current: { accessor: expect.any(String) } },
    { name: "barrier" },
    { name: "jobs" },
    { name: "server-token", current: { accessor: old.accessor } },
    { name: "services" },
    { name: "variables" },
  ]);
  const rotate = (name: string) => runCli(["rotate", name, "--follow"], stack.environment);
  for (const { stderr, stdout } of await Promise.all(ROTATE.of.map(({ name }) => rotate(name)))) {
    expect(stderr).toBe("");
    expect(stdout).toContain("  rotated: ");
  }
  const { tokens } = stack.cluster.vault;
  const { token } = JSON.parse(stack.cluster.aws.secrets.get(SECRET).value);
  expect(tokens.find(old.token)).toBeUndefined();
  expect(tokens.find(token)?.role).toBe("nomad-server");
  expect(stack.cluster.vault.barrier.term).toBe(2);
});

it("puts announced nodes into Consul's catalog", async () => {
  const event = "examples/node-announced.json";
  const { code, stderr } = await runCli(["put-event", event, "--now"], stack.environment);
  expect([code, stderr]).toEqual([0, ""]);
  const names = () => stack.cluster.consul.nodes().map(({ name }) => name);
  await expect.poll(names, { timeout: 10_000 }).toHaveLength(INSTANCES.length + 2);
});

it("prints what leads to it, and another one started there takes no model for a real server", async () => {
  const { process: child, lines } = startLocal(["--port", "0", "--json"]);
  const { addresses, environment } = JSON.parse((await lines.next()).value ?? "");
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
  const { addresses: others } = stack;
  expect(addresses.nomad).not.toBe(others.nomad);
  expect(addresses.consul).not.toBe(others.consul);
  expect(environment).toMatchObject({
    NOMAD_ADDR: addresses.nomad,
    CONSUL_HTTP_ADDR: addresses.consul,
    DROVER_LOCAL_MODELS: `${addresses.nomad},${addresses.consul},${addresses.vault}`,
  });
});

it("says what a Vault lacks that can't be set up", async () => {
  const variables = { ...stack.environment, VAULT_ADDR: "http://127.0.0.1:1", VAULT_TOKEN: "" };
  const { code, stderr } = await runCli(["local", "--port", "0"], variables);
  expect(stderr).toBe(
    "drover: VAULT_ADDR is set without VAULT_TOKEN: AppRole has to be set up with it\n",
  );
  expect(code).toBe(1);
});

it("says when a real server does not answer", async () => {
  const variables = { ...stack.environment, VAULT_ADDR: "http://127.0.0.1:1", VAULT_TOKEN: "x" };
  const { code, stderr } = await runCli(["local", "--port", "0"], variables);
  expect(stderr).toMatch(/^drover: http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
  expect(stderr).not.toContain("    at ");
  expect(code).toBe(1);
});

function startLocal(args: readonly string[]) {
  const drover = fileURLToPath(new URL("../../bin/drover.ts", import.meta.url));
  const child = spawn(process.execPath, [drover, "local", ...args], {
    env: { ...process.env, ...stack.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { process: child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}
