import { describe, expect, it } from "vitest";
import { compareNodes } from "../../../bin/cli/nodes/compare.ts";
import { sideBySide } from "../../../bin/cli/nodes/side-by-side.ts";
import {
  consulNode,
  type Heard,
  ID,
  instance,
  nomadNode,
  OTHER,
  record,
  sources,
} from "../../helpers/node-views.ts";

const HOST = "ip-10-0-0-1";

/** Each node with the names under which Nomad and Consul know it. */
function together(heard: Heard): Record<string, string[]> {
  return Object.fromEntries(
    sideBySide(sources(heard)).map(({ node, nomad, consul }) => [
      node,
      [...nomad.map(({ name }) => `nomad ${name}`), ...consul.map(({ name }) => `consul ${name}`)],
    ]),
  );
}

describe("what is said of the same node stands in one row", () => {
  it.each<[string, Heard]>([
    ["the names are its instance id", { nomad: [nomadNode()], consul: [consulNode()] }],
    [
      "Nomad knows the instance of a host name, and Consul the host name",
      {
        nomad: [nomadNode(HOST, { instanceId: ID })],
        consul: [consulNode(HOST)],
      },
    ],
    [
      "a record knows both",
      {
        nomad: [nomadNode(HOST)],
        consul: [consulNode("another")],
        records: [
          record("joined", {
            nomadNodeId: nomadNode().id,
            consulNode: { name: "another", id: null },
          }),
        ],
      },
    ],
    [
      "Consul's metadata has the instance id",
      {
        nomad: [nomadNode()],
        consul: [consulNode(HOST, { meta: { instance_id: ID } })],
      },
    ],
  ])("when %s", (_, heard) => {
    const rows = Object.entries(together({ instances: [instance()], ...heard }));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toEqual([
      ID,
      [expect.stringMatching(/^nomad /), expect.stringMatching(/^consul /)],
    ]);
  });

  it("an announced node under another name of its own", () => {
    const announced = {
      nodeId: "frankfurt-7",
      name: "edge-7",
      address: "192.0.2.7",
      provider: "datacenter-frankfurt",
    };
    const at = "2026-01-01T00:00:00.000Z";
    const intent = {
      key: "k",
      reason: "announced",
      eventId: "e",
      account: "111111111111",
      occurredAt: at,
      receivedAt: at,
      deadlineAt: at,
      announced: { ...announced, lifeCycle: "hybrid" },
    };
    const records = [record("registered", { nodeId: "frankfurt-7", intents: [intent] })];
    expect(together({ consul: [consulNode("edge-7")], records })).toEqual({
      "frankfurt-7": ["consul edge-7"],
    });
  });
});

it("a host name that is used again belongs to the younger record", () => {
  const seen = { consulNode: { name: HOST, id: null } };
  const records = [
    record("joined", { ...seen, nodeId: OTHER, createdAt: "2026-02-01T00:00:00.000Z" }),
    record("drained", seen),
  ];
  expect(together({ consul: [consulNode(HOST)], records })).toEqual({
    [ID]: [],
    [OTHER]: [`consul ${HOST}`],
  });
});

it("of two Nomad nodes the newer stands first", () => {
  const nomad = [
    nomadNode(ID, { status: "down", createIndex: 5 }),
    nomadNode(ID, { id: "aaaaaaaa-6869-bc55-d7e3-f9321640a11b", createIndex: 9 }),
  ];
  const [row] = sideBySide(sources({ nomad }));
  expect(row?.nomad.map(({ status }) => status)).toEqual(["ready", "down"]);
});

describe("what is listed", () => {
  const strange = { ...instance(OTHER), group: "databases" };
  const heard = { instances: [instance(), strange], nomad: [nomadNode()], consul: [consulNode()] };
  const listed = (...args: Parameters<typeof compareNodes>) =>
    compareNodes(...args).nodes.map(({ node }) => node);

  it("leaves out groups that only Auto Scaling knows, and says which", () => {
    const { nodes, leftOut } = compareNodes(sources(heard));
    expect(nodes.map(({ node }) => node)).toEqual([ID]);
    expect(leftOut).toEqual(["databases"]);
  });

  it("leaves none out while Nomad or another may know them", () => {
    const failed = { kind: "failed", error: new Error("no answer") } as const;
    expect(listed(sources({ ...heard, instead: { nomad: failed } }))).toEqual([ID, OTHER]);
    expect(listed(sources({ ...heard, instead: { records: failed } }))).toEqual([ID, OTHER]);
  });

  it("a group that is asked for, and no other", () => {
    expect(listed(sources(heard), { groups: ["databases"] })).toEqual([OTHER]);
  });

  it("only disagreements, when asked", () => {
    const down = [nomadNode(ID, { status: "down" })];
    expect(listed(sources(heard), { onlyDisagreements: true })).toEqual([]);
    expect(listed(sources({ ...heard, nomad: down }), { onlyDisagreements: true })).toEqual([ID]);
  });

  it("not what is over and gone, but what is in work", () => {
    expect(listed(sources({ records: [record("drained")] }))).toEqual([]);
    expect(listed(sources({ records: [record()] }))).toEqual([ID]);
  });
});
