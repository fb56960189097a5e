import { randomUUID } from "node:crypto";
import {
  createNomadSession,
  type NomadSession,
} from "../../../lambdas/clients/nomad/nomad-session.ts";
import { nomadGossipKey } from "../../../lambdas/clients/nomad/rotate/gossip-key.ts";
import { nomadTokenKind } from "../../../lambdas/clients/nomad/rotate/token-kind.ts";
import { Rotation } from "../../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../../lambdas/contracts/rotation-item.ts";
import type { Kind } from "../../../lambdas/domain/rotate/kind.ts";
import type { Cluster } from "./cluster.ts";

const sessions = new Map<string, NomadSession>();

export function newAttempt(): AttemptId {
  return AttemptId.parse(randomUUID());
}

/** Drover's calls with a token: one a token, since Nomad takes 100 connections of a caller. */
export function sessionOf(
  { address, managementToken }: Pick<Cluster, "address" | "managementToken">,
  token = managementToken,
): NomadSession {
  const key = `${address} ${token}`;
  const session =
    sessions.get(key) ??
    createNomadSession({ address, token: async () => token, retry: { retries: 0 } });
  sessions.set(key, session);
  return session;
}

/** Drover's strategy for ACL tokens. */
export function tokenKind(
  cluster: Cluster,
  settings: { readonly testPath?: string; readonly ttlSeconds?: number } = {},
  session = sessionOf(cluster),
): Kind {
  const { ttlSeconds, testPath } = settings;
  const rotation = Rotation.parse({
    kind: "nomad-token",
    name: "nomad-token",
    secret: "nomad",
    everySeconds: 600,
    verifySeconds: 1,
    graceSeconds: 1,
    testPath,
  });
  if (rotation.kind !== "nomad-token") throw new Error("another kind");
  const rotated = { ...rotation, ...(ttlSeconds !== undefined && { ttlSeconds }) };
  return nomadTokenKind({
    deployment: "test",
    session,
    rotation: rotated,
    clock: { now: cluster.now },
  });
}

/** Drover's strategy for the gossip key. */
export function gossipKind(cluster: Cluster, token: string): Kind {
  return nomadGossipKey(sessionOf(cluster, token), { now: cluster.now });
}
