import { randomUUID } from "node:crypto";
import {
  type ConsulSession,
  createConsulSession,
} from "../../../lambdas/clients/consul/consul-session.ts";
import { consulGossipKey } from "../../../lambdas/clients/consul/rotate/gossip-key.ts";
import { consulTokenKind } from "../../../lambdas/clients/consul/rotate/token-kind.ts";
import { Rotation } from "../../../lambdas/contracts/config/rotate.ts";
import { AttemptId } from "../../../lambdas/contracts/rotation-item.ts";
import type { Kind, Minted } from "../../../lambdas/domain/rotate/kind.ts";
import { RealClock } from "../../../local/clock.ts";
import type { ConsulCluster } from "./consul-cluster.ts";

const sessions = new Map<string, ConsulSession>();

export function newAttempt(): AttemptId {
  return AttemptId.parse(randomUUID());
}

/** Drover's calls with a token: one a token, since Consul takes 200 connections of a caller. */
export function sessionOf({ address }: Pick<ConsulCluster, "address">, token: string) {
  const key = `${address} ${token}`;
  const session =
    sessions.get(key) ??
    createConsulSession({ address, token: async () => token, retry: { retries: 0 } });
  sessions.set(key, session);
  return session;
}

/** Drover's strategy for ACL tokens. */
export function tokenKind(
  session: ConsulSession,
  settings: { readonly testPath?: string; readonly ttlSeconds?: number } = {},
): Kind {
  const rotation = Rotation.parse({
    kind: "consul-token",
    name: "consul-token",
    secret: "consul",
    everySeconds: 600,
    verifySeconds: 1,
    graceSeconds: 1,
    testPath: settings.testPath,
  });
  if (rotation.kind !== "consul-token") throw new Error("another kind");
  const { ttlSeconds } = settings;
  return consulTokenKind({
    deployment: "test",
    session,
    rotation: { ...rotation, ...(ttlSeconds !== undefined && { ttlSeconds }) },
  });
}

/** Drover's strategy for the gossip key. */
export async function gossipKind(
  cluster: ConsulCluster,
  who: "rotate" | "reader" = "rotate",
): Promise<Kind> {
  return consulGossipKey(sessionOf(cluster, await cluster.createToken(who)), new RealClock());
}

/** Makes one as a step of a rotation does, after that which is current. */
export async function mintAfter(
  kind: Kind,
  current: string,
  attempt = newAttempt(),
): Promise<Minted> {
  return kind.mint(attempt, { token: current }, await kind.choose?.(attempt));
}
