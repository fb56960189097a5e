import { NomadNodeId } from "../../lambdas/contracts/ids.ts";

export const NODE_ID = NomadNodeId.parse("79baf8c1-754c-e2b5-5963-0458f648b7cd");

/** A node as Nomad shows it, with what a test wants different. */
export function nodeBody(change: object = {}): object {
  return {
    ID: NODE_ID,
    Name: "client-1",
    Datacenter: "dc1",
    NodePool: "default",
    Status: "ready",
    StatusUpdatedAt: 1_795_366_114,
    SchedulingEligibility: "eligible",
    CreateIndex: 9,
    Attributes: {},
    Meta: {},
    DrainStrategy: null,
    LastDrain: null,
    ...change,
  };
}

/** Attributes of a client on that EC2 instance. */
export function onInstance(instanceId: string): object {
  return { Attributes: { "unique.platform.aws.instance-id": instanceId } };
}
