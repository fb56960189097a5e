import type { ModelCluster } from "../model-cluster.ts";
import type { Speaker } from "./happening.ts";

/** What there may be of an instance in the systems around it. */
export type Trace =
  | "introduction"
  | "report"
  | "consulToken"
  | "secretId"
  | "vaultToken"
  | "consulEntry"
  | "nomadNode";

/** What one system knows of an instance, and how it would say so. */
export interface Known {
  readonly who: Speaker;
  readonly text: string;
  /** Since when. @default since it was seen */
  readonly at?: Date;
}

/** What each is called. */
export const NAMES: Record<Trace, string> = {
  introduction: "its introduction",
  report: "its report",
  consulToken: "its ACL token",
  secretId: "its secret id",
  vaultToken: "its token",
  consulEntry: "its catalog entry",
  nomadNode: "its node",
};

/** How a system says that it knows nothing of it any more. */
export const GONE: Record<Trace, Known> = {
  introduction: { who: "Parameter Store", text: "the introduction is deleted" },
  report: { who: "Parameter Store", text: "the instance's report is deleted" },
  consulToken: { who: "Consul", text: "its ACL token is deleted" },
  secretId: { who: "Vault", text: "its secret id is used up: nobody can log in with it again" },
  vaultToken: { who: "Vault", text: "its token is revoked" },
  consulEntry: { who: "Consul", text: "it is no longer in the catalog" },
  nomadNode: { who: "Nomad", text: "its node is purged" },
};

/** All that Parameter Store, Consul, Vault and Nomad know of an instance at the moment. */
export function whatIsKnown(cluster: ModelCluster, instanceId: string): Map<Trace, Known> {
  const all = [
    ...inParameterStore(cluster, instanceId),
    ...inConsul(cluster, instanceId),
    ...inVault(cluster, instanceId),
    ...inNomad(cluster, instanceId),
  ];
  return new Map(all);
}

type Finding = readonly [Trace, Known];

function inParameterStore({ aws }: ModelCluster, id: string): Finding[] {
  const who = "Parameter Store";
  return aws.parameters
    .list()
    .filter(({ name }) => name.includes(`/${id}/`))
    .map(({ name, version, modifiedAt: at }): Finding => {
      if (name.endsWith("/introduction")) {
        return ["introduction", { who, at, text: `${name} is there, for the role of ${id} alone` }];
      }
      const text =
        version > 1
          ? "the instance has filled in its report"
          : "an empty report is there, for the instance to fill in";
      return ["report", { who, at, text }];
    });
}

function inConsul({ consul }: ModelCluster, id: string): Finding[] {
  const who = "Consul";
  const made = "made an ACL token for it: it may register node and services of that name, no other";
  const tokens = consul
    .tokens()
    .filter(({ nodeIdentities }) => nodeIdentities.some(({ NodeName }) => NodeName === id))
    .map(({ createdAt: at }): Finding => ["consulToken", { who, at, text: made }]);
  const entries = consul
    .nodes()
    .filter(({ name }) => name === id)
    .map(({ checks }): Finding => {
      const serf = checks.get("serfHealth")?.output ?? "there is no agent";
      return ["consulEntry", { who, text: `serfHealth: ${serf}` }];
    });
  return [...tokens, ...entries];
}

function inVault({ vault }: ModelCluster, id: string): Finding[] {
  const who = "Vault";
  const { secretIds, tokens } = vault.ofNode(id);
  const wrapped = "made a secret id for one login, in a wrapping that opens once";
  const opened = "the instance opened the wrapping, logged in, and has a token of its own";
  return [
    ...secretIds.map(({ createdAt: at }): Finding => ["secretId", { who, at, text: wrapped }]),
    ...tokens.map(({ createdAt: at }): Finding => ["vaultToken", { who, at, text: opened }]),
  ];
}

function inNomad({ nomad }: ModelCluster, id: string): Finding[] {
  const node = [...nomad.state.nodes.values()].find(({ name }) => name === id);
  if (!node) return [];
  const eligible = node.eligible ? "eligible: work may come" : "ineligible: no work comes";
  return [["nomadNode", { who: "Nomad", text: `its node is ${node.status} and ${eligible}` }]];
}
