import { GroupName, type InstanceId, NomadNodeId, TickId } from "../../lambdas/contracts/ids.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";

const START = new Date("2026-01-01T00:00:00.000Z");
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

/** A record that was never stored. */
export function newRecord(nodeId: InstanceId): NodeRecord {
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
export function fullRecord(nodeId: InstanceId): NodeRecord {
  const group = GroupName.parse("nomad-clients");
  return {
    ...newRecord(nodeId),
    group,
    nomadNodeId: NomadNodeId.parse("4d2a1c58-6b7a-8b2e-f1c5-2f4e0e8d9a11"),
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
      },
    ],
    progress: {
      ineligibleAt: at(2),
      drain: { by: "drover", startedAt: at(3), forDeadlineAt: at(900) },
      emptyAt: at(80),
      gaveUp: { at: at(900), why: "tasks still ran" },
      neverJoined: false,
      remaining: ["alloc-1"],
      would: ["drain"],
    },
    lease: { owner: "me", until: at(40) },
    tick: { id: TickId.parse("tick-2"), replaced: TickId.parse("tick-1"), at: at(5) },
    waiting: { step: "really-empty", why: "2 left", detail: "web, db", since: at(4) },
    finished: { outcome: "drained", why: "it is empty", at: at(100) },
  };
}
