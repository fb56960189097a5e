import { describe, expect, it } from "vitest";
import type { Said } from "../../../bin/cli/nodes/said.ts";
import {
  consulNode,
  type Heard,
  ID,
  instance,
  marks,
  nomadNode,
  OTHER,
  record,
} from "../../helpers/node-views.ts";

/** A sound neighbour: its group has Nomad clients with Consul agents. */
const neighbour = {
  instances: [instance(OTHER)],
  nomad: [nomadNode(OTHER, { id: "ffffffff-6869-bc55-d7e3-f9321640a11b" })],
  consul: [consulNode(OTHER)],
};

const NOT_ASKED: Said<never> = { kind: "not-asked", because: "it is not set" };
const FAILED: Said<never> = { kind: "failed", error: new Error("no answer") };

/** What is marked about one node beside its sound neighbour. */
function marked({ instances = [], nomad = [], consul = [], ...heard }: Heard): string[] {
  const beside = {
    instances: [...neighbour.instances, ...instances],
    nomad: [...neighbour.nomad, ...nomad],
    consul: [...neighbour.consul, ...consul],
  };
  const { [OTHER]: ofNeighbour, ...others } = marks({ ...beside, ...heard });
  expect(ofNeighbour).toEqual([]);
  return Object.values(others).flat();
}

const sound = { instances: [instance()], nomad: [nomadNode()], consul: [consulNode()] };

describe("nothing is marked", () => {
  it.each<[string, Heard]>([
    ["a node in service that all know", sound],
    ["it joined", { ...sound, records: [record("joined")] }],
    ["it comes up", { instances: [instance(ID, "Pending:Wait")] }],
    ["it rests in the warm pool", { instances: [instance(ID, "Warmed:Stopped")] }],
    [
      "it drains",
      {
        ...sound,
        instances: [instance(ID, "Terminating:Wait")],
        nomad: [nomadNode(ID, { isEligible: false, isDraining: true })],
        records: [record()],
      },
    ],
    [
      "it is gone, and being cleared away",
      { nomad: [nomadNode(ID, { status: "down" })], consul: [consulNode()], records: [record()] },
    ],
    [
      "an operator drains it",
      {
        ...sound,
        nomad: [nomadNode(ID, { isEligible: false, isDraining: true })],
        records: [record("joined")],
      },
    ],
    ["an external node", { consul: [consulNode("frankfurt-7", { isExternal: true })] }],
    ["a hybrid node", { nomad: [nomadNode("mi-0123456789abcdef0")] }],
    ["a server without a group", { consul: [consulNode("consul-server-1")] }],
    [
      "let in unproven, ineligible",
      {
        ...sound,
        nomad: [nomadNode(ID, { isEligible: false })],
        records: [record("let-in-unproven")],
      },
    ],
  ])("when %s", (_, heard) => {
    expect(marked(heard)).toEqual([]);
  });
});

describe("a disagreement is marked", () => {
  const down = [nomadNode(ID, { status: "down" })];
  const two = [nomadNode(), nomadNode(ID, { id: "aaaaaaaa-6869-bc55-d7e3-f9321640a11b" })];
  const ineligible = [nomadNode(ID, { isEligible: false })];
  const registered = record("registered", { nodeId: "frankfurt-7", flow: "register-node" });
  const deregistered = record("deregistered", { nodeId: "frankfurt-7", flow: "register-node" });
  it.each<[string, Heard]>([
    ["in-service-without-nomad-node", { ...sound, nomad: [] }],
    ["in-service-but-not-ready", { ...sound, nomad: down }],
    ["several-nomad-nodes", { ...sound, nomad: two }],
    ["nomad-node-without-instance", { nomad: [nomadNode()] }],
    ["nomad-node-without-instance", { nomad: down, records: [record("drained")] }],
    ["in-service-without-consul-node", { ...sound, consul: [] }],
    ["in-service-but-critical", { ...sound, consul: [consulNode(ID, { health: "critical" })] }],
    [
      "several-consul-nodes",
      {
        ...sound,
        consul: [consulNode(), consulNode("ip-10-0-0-1", { meta: { instance_id: ID } })],
      },
    ],
    ["consul-node-without-instance", { consul: [consulNode()] }],
    ["unproven-but-eligible", { ...sound, records: [record("let-in-unproven")] }],
    ["joined-but-ineligible", { ...sound, nomad: ineligible, records: [record("joined")] }],
    ["leaving-but-eligible", { ...sound, instances: [instance(ID, "Terminating:Wait")] }],
    ["let-go-but-in-service", { ...sound, records: [record("abandoned")] }],
    ["registered-but-not-in-consul", { records: [registered] }],
    [
      "deregistered-but-in-consul",
      { consul: [consulNode("frankfurt-7")], records: [deregistered] },
    ],
  ])("%s", (kind, heard) => {
    expect(marked(heard)).toEqual([kind]);
  });
});

describe("a source that gave no answer disagrees with nobody", () => {
  it.each<[string, Said<never>]>([
    ["not asked", NOT_ASKED],
    ["failed", FAILED],
  ])("%s", (_, silent) => {
    const alone = { instances: [instance()], records: [record("joined")] };
    const silentServers = { nomad: silent, consul: silent };
    expect(marks({ ...alone, instead: silentServers })).toEqual({ [ID]: [] });
    const ghosts = { nomad: [nomadNode()], consul: [consulNode()] };
    expect(marks({ ...ghosts, instead: { autoScaling: silent } })).toEqual({ [ID]: [] });
    expect(marks({ ...sound, instead: { records: silent } })).toEqual({ [ID]: [] });
  });

  it("although a record names a node there", () => {
    const known = record("joined", {
      nomadNodeId: nomadNode().id,
      consulNode: { name: ID, id: null },
    });
    const heard = { instances: [instance()], records: [known] };
    expect(marks({ ...heard, instead: { nomad: NOT_ASKED, consul: FAILED } })).toEqual({
      [ID]: [],
    });
    expect(marks(heard)).toEqual({
      [ID]: ["in-service-without-nomad-node", "in-service-without-consul-node"],
    });
  });
});
