import { afterEach, describe, expect, test } from "vitest";
import { createNodeTransport } from "../../lambdas/clients/http/node-transport.ts";
import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../local/clock.ts";
import { startNomadFace } from "../../local/nomad/face/server.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import type { NodeInput } from "../../local/nomad/node.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { NODE_ID, nodeBody, onInstance } from "../helpers/nomad-bodies.ts";
import { reply, startScriptedServer } from "../helpers/scripted-server.ts";

const I = InstanceId.parse("i-0123456789abcdef0");
const OTHER = "i-0fedcba9876543210";
const HOST = "ip-10-0-0-12.eu-central-1.compute.internal";
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe("the nodes of an instance", () => {
  async function found(inputs: readonly NodeInput[], down: readonly string[] = []) {
    const clock = new VirtualClock();
    const model = new NomadModel(clock);
    for (const input of inputs) {
      const node = model.addNode(input);
      if (down.includes(node.name)) model.stopAgent(node.id);
    }
    await clock.advance(60);
    const nodes = await modelNomadPort(model).findNodes(I, [HOST, ""]);
    return nodes.map(({ name }) => name);
  }

  test.each<[string, NodeInput]>([
    ["by the fingerprint", { name: "a", instanceId: I }],
    ["by meta.instance_id", { name: "a", meta: { instance_id: I } }],
    ["by its name, the instance id", { name: I }],
    ["by its name, a host name", { name: HOST }],
  ])("are found %s", async (_, input) => {
    expect(await found([input, { name: "b", instanceId: OTHER }])).toEqual([input.name]);
  });

  test.each<[string, NodeInput]>([
    ["by the fingerprint", { name: HOST, instanceId: OTHER }],
    ["by meta.instance_id", { name: HOST, meta: { instance_id: OTHER } }],
    ["by both, which differ", { name: "a", instanceId: OTHER, meta: { instance_id: I } }],
    ["by a name that only looks alike", { name: HOST.replaceAll(".", "-") }],
  ])("are not those that are another's %s", async (_, input) => {
    expect(await found([input])).toEqual([]);
  });

  test("that say so themselves go before those with a fitting name", async () => {
    expect(await found([{ name: HOST }, { name: "a", instanceId: I }])).toEqual(["a"]);
  });

  test("come not down before down, newer before older", async () => {
    const inputs = ["a", "b", "c", "d"].map((name) => ({ name, instanceId: I }));
    expect(await found(inputs, ["b", "d"])).toEqual(["c", "a", "d", "b"]);
  });
});

describe("looking for many at once", () => {
  test("takes few list calls, each with a URL of bearable length", async () => {
    const model = new NomadModel(new VirtualClock());
    const ids = Array.from({ length: 120 }, (_, n) =>
      InstanceId.parse(`i-0123456789abc${n.toString(16).padStart(4, "0")}`),
    );
    for (const instanceId of ids) model.addNode({ instanceId });
    const face = await startNomadFace(model);
    const paths: string[] = [];
    const transport = createNodeTransport({
      address: face.address,
      requestTimeoutSeconds: 5,
      maxSockets: 5,
    });
    closers.push(() => transport.close(), face.close);
    const nomad = createNomad({
      address: face.address,
      token: async () => model.managementToken,
      transport: {
        ...transport,
        send: (request, timeout) => {
          paths.push(request.path);
          return transport.send(request, timeout);
        },
      },
    });
    const found = await Promise.all(ids.map((id) => nomad.findNodes(id, [`${id}.internal`])));
    expect(found.map(([node]) => node?.instanceId)).toEqual(ids);
    const lists = paths.filter((path) => path.startsWith("/v1/nodes?"));
    expect(lists.length).toBeLessThanOrEqual(6);
    expect(Math.max(...lists.map((path) => path.length))).toBeLessThan(8_000);
  });

  test("follows the pages of a list", async () => {
    const second = "89baf8c1-754c-e2b5-5963-0458f648b7cd";
    const server = await startScriptedServer(({ url }, response) => {
      if (url.pathname !== "/v1/nodes") {
        const ID = url.pathname.split("/").at(-1);
        reply(response, 200, nodeBody({ ID, ...onInstance(I) }));
      } else if (url.searchParams.get("next_token") === second) {
        reply(response, 200, [{ ID: second }]);
      } else {
        reply(response, 200, [{ ID: NODE_ID }], { "X-Nomad-NextToken": second });
      }
    });
    const nomad = createNomad({ address: server.address, token: async () => undefined });
    closers.push(nomad.close, server.close);
    const nodes = await nomad.findNodes(I, []);
    expect(nodes.map(({ id }) => id).sort()).toEqual([NODE_ID, second]);
  });

  test("fails all who asked when the list can't be had", async () => {
    const server = await startScriptedServer((_, response) =>
      reply(response, 500, "No cluster leader"),
    );
    const nomad = createNomad({
      address: server.address,
      token: async () => undefined,
      retry: { retries: 0 },
    });
    closers.push(nomad.close, server.close);
    const results = await Promise.allSettled([nomad.findNodes(I, []), nomad.findNodes(I, [HOST])]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(server.heard).toHaveLength(1);
  });
});
