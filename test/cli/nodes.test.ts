import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, startCliWorld } from "../helpers/cli-world.ts";
import { record } from "../helpers/node-views.ts";
import { runCli } from "../helpers/run-cli.ts";

const GROUP = "nomad-clients";
const [SOUND, SILENT, HOSTED, GONE] = [
  "i-00000000000abc000",
  "i-00000000000abc001",
  "i-00000000000abc002",
  "i-00000000000abc009",
];

let world: CliWorld;

beforeAll(async () => {
  world = await startCliWorld();
  const { aws, nomad } = world.cluster;
  world.cluster.addGroup({
    name: GROUP,
    instances: [SOUND, SILENT, HOSTED],
    withoutNode: [SILENT],
    // One that says in its fingerprint alone which instance it is.
    client: ({ id }) => ({ instanceId: id, ...(id === HOSTED && { name: "ip-10-0-0-2" }) }),
  });
  nomad.addNode({ instanceId: GONE, nodePool: "batch" });
  aws.autoScaling.createGroup({ name: "databases", instances: [{ id: "i-00000000000db0000" }] });
  const unproven = { nodeId: HOSTED, flow: "join-client" };
  await world.remember(record("let-in-unproven", unproven));
});
afterAll(() => world.stop());

const drover = (args: readonly string[] = [], environment = {}) =>
  runCli(["nodes", ...args], { ...world.environment, ...environment });

/** The line of a node in the table, with single blanks. */
function line(stdout: string, node: string): string {
  const found = stdout.split("\n").find((line) => line.includes(node)) ?? "";
  return found.replaceAll(/\s+/g, " ");
}

describe("what each source says of every node", () => {
  it("stands side by side, the disagreements in words", async () => {
    const { code, stdout, stderr } = await drover();
    expect(stderr).toBe("");
    expect(line(stdout, SOUND)).toContain(
      `│ ${SOUND} │ ${GROUP} │ InService │ ready, eligible, default │ not asked │ - │ │`,
    );
    expect(line(stdout, SILENT)).toContain("│ InService │ - │ not asked │ - │ ! in service, but");
    expect(line(stdout, HOSTED)).toContain("│ join-client: let-in-unproven │ ! let in unproven");
    expect(line(stdout, GONE)).toContain("│ - │ - │ ready, eligible, batch │");
    expect(stdout).toContain("4 nodes, 3 with disagreements\n");
    expect(stdout).toContain("Consul: not asked, since CONSUL_HTTP_ADDR is not set\n");
    expect(stdout).toContain("left out, known to Auto Scaling alone: databases (see --group)\n");
    expect(code).toBe(0);
  });

  it("in JSON, for one group", async () => {
    const { code, stdout } = await drover(["--group", GROUP, "--json"]);
    const answer = JSON.parse(stdout);
    expect(answer.sources).toEqual({
      autoScaling: "said",
      nomad: "said",
      consul: "not-asked",
      records: "said",
    });
    expect(answer.nodes).toMatchObject([
      { node: SOUND, autoScaling: { lifecycleState: "InService" }, disagreements: [] },
      { node: SILENT, nomad: [], disagreements: [{ kind: "in-service-without-nomad-node" }] },
      { node: HOSTED, drover: { outcome: "let-in-unproven" }, nomad: [{ name: "ip-10-0-0-2" }] },
    ]);
    expect(code).toBe(0);
  });

  it("or the disagreements alone", async () => {
    const { code, stdout } = await drover(["--disagreements"]);
    expect(stdout).not.toContain(SOUND);
    expect(stdout).toContain("4 nodes, 3 with disagreements\n");
    expect(line(stdout, GONE)).toContain("! Nomad says ready");
    expect(code).toBe(0);
  });

  it("of a group that is not there is nothing, with a hint", async () => {
    const { code, stdout } = await drover(["--group", "typo"]);
    expect(stdout).toContain("0 nodes, 0 with disagreements\nConsul: not asked");
    expect(stdout).toContain("no node in typo: is it the right name, account and region?\n");
    expect(code).toBe(0);
  });

  it("without a table and without Nomad is what Auto Scaling says", async () => {
    const { code, stdout } = await drover([], { DROVER_TABLE: undefined, NOMAD_ADDR: undefined });
    expect(stdout).toContain("Nomad: not asked, since NOMAD_ADDR is not set\n");
    expect(stdout).toContain("the node records: not asked, since DROVER_TABLE is not set\n");
    expect(stdout).toContain("4 nodes, 0 with disagreements\n");
    expect(code).toBe(0);
  });
});

describe("a source that fails is named, and the others are shown", () => {
  it.each([
    [
      "Nomad without a token",
      { NOMAD_TOKEN: undefined },
      "drover: Nomad: /v1/nodes: Nomad answered 403: Permission denied (set NOMAD_TOKEN to a " +
        'token with node { policy = "read" })',
    ],
    [
      "Nomad with a token it does not know",
      { NOMAD_TOKEN: "no-such-token" },
      "drover: Nomad: /v1/nodes: Nomad answered 403: ",
    ],
    [
      "Nomad elsewhere",
      { NOMAD_ADDR: "http://127.0.0.1:1" },
      "drover: Nomad: /v1/nodes: http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1 (is the " +
        "address in NOMAD_ADDR right?)",
    ],
    [
      "Nomad's address without a scheme",
      { NOMAD_ADDR: "nomad:4646" },
      "drover: Nomad: NOMAD_ADDR must be an http or https URL",
    ],
    [
      "Nomad's CA missing",
      { NOMAD_CACERT: "missing.pem" },
      "drover: Nomad: NOMAD_CACERT: can't read missing.pem: ENOENT",
    ],
    [
      "Consul away",
      { CONSUL_HTTP_ADDR: "127.0.0.1:1" },
      "drover: Consul: /v1/internal/acl/authorize: http://127.0.0.1:1: connect ECONNREFUSED",
    ],
    ["another table", { DROVER_TABLE: "nope" }, "(is it the right name, account and region?)"],
  ])("%s", async (_, environment, message) => {
    const { code, stdout, stderr } = await drover([], environment);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).not.toContain("no-such-token");
    expect(stdout).toContain(SOUND);
    expect(stdout).toContain("no answer");
    expect(code).toBe(1);
  });

  it("Auto Scaling that refuses: what Nomad has is not called left over", async () => {
    world.cluster.aws.faults.deny("autoscaling:DescribeAutoScalingInstances");
    const { code, stdout, stderr } = await drover();
    world.cluster.aws.faults.heal();
    expect(stderr).toMatch(/^drover: Auto Scaling: .*\(the AWS credentials may not do this\)\n$/);
    expect(line(stdout, GONE)).toContain("│ no answer │ ready, eligible, batch │");
    expect(stdout).toContain("3 nodes, 1 with disagreements\n");
    expect(code).toBe(1);
  });
});

describe("a large cluster", () => {
  it("is read page by page", async () => {
    const large = await startCliWorld();
    for (let i = 0; i < 110; i++) large.cluster.addGroup({ name: `clients-${i}`, instances: 5 });
    const { code, stdout } = await runCli(["nodes", "--json"], large.environment);
    await large.stop();
    const { nodes } = JSON.parse(stdout);
    expect(nodes).toHaveLength(550);
    expect(nodes.filter((node: { nomad: object[] }) => node.nomad.length === 1)).toHaveLength(550);
    expect(nodes.flatMap((node: { disagreements: object[] }) => node.disagreements)).toEqual([]);
    expect(code).toBe(0);
  });
});

it("an instance in a warm pool is there: its Nomad node is no left-over", async () => {
  const warm = await startCliWorld();
  const [id = ""] = warm.cluster.addGroup({ name: "warm", instances: 1 });
  const member = warm.cluster.aws.autoScaling.findMember(id);
  if (member) member.lifecycleState = "Warmed:Running";
  const { stdout } = await runCli(["nodes"], warm.environment);
  await warm.stop();
  expect(line(stdout, id)).toContain(`│ ${id} │ warm │ Warmed:Running │ ready, eligible,`);
  expect(stdout).toContain("1 node, 0 with disagreements\n");
});
