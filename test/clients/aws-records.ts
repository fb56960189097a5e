import { GroupName, NodeId, NomadNodeId, TickId } from "../../lambdas/contracts/ids.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";

const START = new Date("2026-01-01T00:00:00.000Z");
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

/** A record that was never stored. */
export function newRecord(nodeId: NodeId): NodeRecord {
  return {
    nodeId,
    flow: "drain-client",
    intents: [],
    deadlineAt: at(900),
    drainId: "drain-1",
    progress: {},
    version: 0,
    createdAt: START,
  };
}

/** A record with every field there is. */
export function fullRecord(nodeId: NodeId): NodeRecord {
  const group = GroupName.parse("nomad-clients");
  return {
    ...newRecord(nodeId),
    group,
    nomadNodeId: NomadNodeId.parse("4d2a1c58-6b7a-8b2e-f1c5-2f4e0e8d9a11"),
    consulNode: { name: nodeId, id: "7c1f5d0a-0000-4000-8000-000000000001" },
    intents: [
      {
        key: "terminate-hook/1",
        reason: "terminate-hook",
        eventId: "event-1",
        account: "111111111111",
        occurredAt: START,
        receivedAt: at(1),
        deadlineAt: at(900),
        hook: {
          group,
          name: "drain",
          token: "token-1",
          since: START,
          heartbeatAt: at(60),
          over: { at: at(90), by: "drover" },
          refusals: 1,
        },
        notATermination: "a warm pool",
        announced: {
          nodeId: NodeId.parse("frankfurt-7"),
          address: "192.0.2.7",
          provider: "azure",
          lifeCycle: "hybrid",
          check: { tcp: "192.0.2.7:22" },
        },
      },
    ],
    heard: ["terminate-hook/0"],
    progress: {
      lifecycle: { state: "Pending:Wait", at: at(1) },
      nodeIndex: 42,
      join: {
        introduced: { at: at(1) },
        making: false,
        intercepted: "wrapping token is not valid",
        nomadReadyAt: at(30),
        consulAliveAt: at(31),
        smokeRun: "smoke/dispatch-1",
        smokePassedAt: at(40),
        verdict: { at: at(900), abandon: true, why: "no Nomad node", seen: ["kernel panic"] },
      },
      consulLeft: { at: at(950), alive: true },
      forgottenAt: at(960),
      cutShort: { at: at(70), why: "its hook ran out" },
      ineligibleAt: at(2),
      drain: { by: "drover", startedAt: at(3), forDeadlineAt: at(900) },
      emptyAt: at(80),
      gaveUp: { at: at(900), why: "tasks still ran" },
      neverJoined: false,
      remaining: ["alloc-1"],
      would: ["drain"],
    },
    lease: { owner: "me", until: at(40), tookOver: true },
    tick: { id: TickId.parse("tick-2"), replaced: TickId.parse("tick-1"), at: at(5) },
    waiting: { step: "really-empty", why: "2 left", detail: "web, db", since: at(4) },
    finished: { outcome: "drained", why: "it is empty", at: at(100) },
  };
}
