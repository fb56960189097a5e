import { expect, it } from "vitest";
import { NodeId, NomadNodeId } from "../../lambdas/contracts/ids.ts";
import type { FlowName } from "../../lambdas/contracts/names.ts";
import { mergeIntent } from "../../lambdas/domain/merge.ts";
import type { Intent, NodeRecord } from "../../lambdas/domain/record.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const nomadNodeId = NomadNodeId.parse("f146a976-43c1-0149-1e6c-a21449614ac0");

const intent = (reason: Intent["reason"], second: number): Intent => ({
  key: `${reason}/${second}`,
  reason,
  eventId: `${second}`,
  account: "111111111111",
  occurredAt: at(second),
  receivedAt: at(second),
  deadlineAt: at(second + 30),
});

const beginning = (flow: FlowName) => ({
  nodeId: NodeId.parse("i-0123456789abcdef0"),
  flow,
  now: at(0),
  newId: () => `${flow}-work`,
});

const begun = (flow: FlowName, reason: Intent["reason"], second = 0): NodeRecord => {
  const record = mergeIntent(undefined, intent(reason, second), beginning(flow));
  if (!record) throw new Error("expected a record");
  return { ...record, version: 3, nomadNodeId };
};

it("gives up a join for a termination, and keeps what is known of the node", () => {
  const joining = begun("join-client", "launch-hook");
  const leaving = mergeIntent(joining, intent("terminate-hook", 5), beginning("drain-client"));
  expect(leaving).toMatchObject({ flow: "drain-client", version: 3, nomadNodeId });
  expect(leaving?.intents.map(({ reason }) => reason)).toEqual(["terminate-hook"]);
});

it("keeps the run of a smoke job that the join has left behind", () => {
  const joining = begun("join-client", "launch-hook");
  const run = { ...joining, progress: { join: { smokeRun: "smoke/drover-1" } } };
  const leaving = mergeIntent(run, intent("terminate-hook", 5), beginning("drain-client"));
  expect(leaving?.progress.join).toEqual({ smokeRun: "smoke/drover-1" });
});

it("gives up healing for whatever ends the node, though the warning has whole seconds", () => {
  const healing = begun("heal-node", "unhealthy", 5);
  const warned = mergeIntent(healing, intent("spot-interruption", 4), beginning("drain-client"));
  expect(warned).toMatchObject({ flow: "drain-client", nomadNodeId });
  expect(mergeIntent(warned, intent("unhealthy", 9), beginning("heal-node"))).toBeUndefined();
});

it("heals no instance that still joins", () => {
  const joining = begun("join-client", "launch-hook");
  expect(mergeIntent(joining, intent("unhealthy", 9), beginning("heal-node"))).toBeUndefined();
});

it("lets a launch event that comes late change nothing about a node that leaves", () => {
  const leaving = begun("drain-client", "terminate-hook");
  expect(mergeIntent(leaving, intent("launch-hook", 5), beginning("join-client"))).toBeUndefined();
});

it("joins an instance anew that comes out of the warm pool after it was drained", () => {
  const drained: NodeRecord = {
    ...begun("drain-client", "terminate-hook"),
    finished: { outcome: "not-a-termination", why: "", at: at(3) },
  };
  const joining = mergeIntent(drained, intent("launch-hook", 9), beginning("join-client"));
  expect(joining).toMatchObject({ flow: "join-client", nomadNodeId, progress: {} });
});

it("does not bring a node back that was withdrawn after the announcement that comes late", () => {
  const withdrawn: NodeRecord = {
    ...begun("register-node", "withdrawn", 9),
    finished: { outcome: "deregistered", why: "", at: at(10) },
  };
  const late = intent("announced", 5);
  const newer = intent("announced", 20);
  expect(mergeIntent(withdrawn, late, beginning("register-node"))).toBeUndefined();
  expect(mergeIntent(withdrawn, newer, beginning("register-node"))).toMatchObject({
    intents: [{ reason: "announced" }],
  });
});
