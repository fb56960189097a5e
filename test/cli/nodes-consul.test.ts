import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../local/clock.ts";
import { startConsulFace } from "../../local/consul/face/server.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { type CliWorld, startCliWorld } from "../helpers/cli-world.ts";
import { record } from "../helpers/node-views.ts";
import { runCli } from "../helpers/run-cli.ts";
import { reply, startScriptedServer } from "../helpers/scripted-server.ts";

const [ALIVE, DEAD, WITHOUT, GONE] = [
  "i-00000000000abc000",
  "i-00000000000abc001",
  "i-00000000000abc002",
  "i-00000000000abc009",
];
const EXTERNAL = "frankfurt-7";
const READS_NODES = { nodePrefix: { "": "read" } } as const;

let world: CliWorld;
let model: ConsulModel;
let consul: Awaited<ReturnType<typeof startConsulFace>>;

beforeAll(async () => {
  world = await startCliWorld();
  world.cluster.addGroup({ name: "nomad-clients", instances: [ALIVE, DEAD, WITHOUT] });
  const clock = new VirtualClock();
  model = new ConsulModel(clock);
  consul = await startConsulFace(model);
  const token = model.managementToken;
  model.startAgent({ name: ALIVE, token });
  model.startAgent({ name: "ip-10-0-0-1", token, meta: { instance_id: DEAD } });
  model.startAgent({ name: GONE, token });
  await clock.advance(30);
  model.stopAgent("ip-10-0-0-1");
  await clock.advance(30);
  model.catalog.register({
    name: EXTERNAL,
    address: "192.0.2.7",
    meta: { "external-node": "true", "external-probe": "true", instance_id: EXTERNAL },
    checks: [
      { id: "tcp", name: "tcp", status: "warning", output: "", serviceId: "", definition: {} },
    ],
  });
  await world.remember(record("registered", { nodeId: EXTERNAL, flow: "register-node" }));
  await world.remember(record("registered", { nodeId: "frankfurt-8", flow: "register-node" }));
});
afterAll(async () => {
  await consul.close();
  await world.stop();
});

const drover = (environment: Record<string, string | undefined>, ...args: string[]) =>
  runCli(["nodes", ...args], { ...world.environment, ...environment });

describe("what Consul says", () => {
  it("stands beside the rest, of external nodes too", async () => {
    const environment = {
      CONSUL_HTTP_ADDR: consul.address.replace("http://", ""),
      CONSUL_HTTP_TOKEN: model.createToken(READS_NODES),
    };
    const { code, stdout, stderr } = await drover(environment, "--json");
    expect(stderr).toBe("");
    const said = JSON.parse(stdout).nodes.map(
      (node: { node: string; consul: { health: string }[]; disagreements: { kind: string }[] }) => [
        node.node,
        ...node.consul.map(({ health }) => health),
        ...node.disagreements.map(({ kind }) => kind),
      ],
    );
    expect(said).toEqual([
      [ALIVE, "passing"],
      [DEAD, "critical", "in-service-but-critical"],
      [WITHOUT, "in-service-without-consul-node"],
      [EXTERNAL, "warning"],
      ["frankfurt-8", "registered-but-not-in-consul"],
      [GONE, "passing", "consul-node-without-instance"],
    ]);
    expect(code).toBe(0);
    const table = (await drover(environment)).stdout;
    expect(table).toMatch(/abc000 .*│ alive /);
    expect(table).toMatch(/frankfurt-7 .*│ external, warning │ register-node: registered /);
  });

  it.each([
    ["no token", undefined],
    ["a token for some nodes", { nodePrefix: { "i-0": "read" } } as const],
  ])("with %s is not taken for all there is", async (_, token) => {
    const { code, stdout, stderr } = await drover({
      CONSUL_HTTP_ADDR: consul.address,
      CONSUL_HTTP_TOKEN: token && model.createToken(token),
    });
    expect(stderr).toBe(
      "drover: Consul: /v1/catalog/nodes: Consul leaves nodes out that the token may not read: " +
        'set CONSUL_HTTP_TOKEN to one with node_prefix "" { policy = "read" }\n',
    );
    expect(stdout).toMatch(/abc002 .* ready, eligible, default │ no answer │/);
    expect(stdout).toContain("3 nodes, 0 with disagreements");
    expect(code).toBe(1);
  });

  it("is not taken for all when a newer Consul says in a header that it is not", async () => {
    const newer = await startScriptedServer(({ url }, response) => {
      if (url.pathname === "/v1/internal/acl/authorize") reply(response, 404, "Invalid URL path");
      else reply(response, 200, [], { "X-Consul-Results-Filtered-By-ACLs": "true" });
    });
    const { code, stderr } = await drover({ CONSUL_HTTP_ADDR: newer.address });
    await newer.close();
    expect(stderr).toContain("Consul leaves nodes out that the token may not read");
    expect(code).toBe(1);
  });

  it("is said to anybody by a Consul without ACLs", async () => {
    const open = new ConsulModel(new VirtualClock(), { acl: false });
    open.catalog.register({ name: EXTERNAL, address: "192.0.2.7" });
    const face = await startConsulFace(open);
    const { code, stdout, stderr } = await drover({ CONSUL_HTTP_ADDR: face.address });
    await face.close();
    expect(stderr).toBe("");
    expect(stdout).toMatch(/frankfurt-7 .*│ unchecked │ register-node: registered /);
    expect(code).toBe(0);
  });

  it("may be that the token is unknown", async () => {
    const { stderr } = await drover({
      CONSUL_HTTP_ADDR: consul.address,
      CONSUL_HTTP_TOKEN: "11111111-2222-3333-4444-555555555555",
    });
    expect(stderr).toBe(
      "drover: Consul: /v1/internal/acl/authorize: Consul answered 403: ACL not found (the token " +
        'in CONSUL_HTTP_TOKEN is unknown, expired or lacks node_prefix "" { policy = "read" })\n',
    );
  });
});
