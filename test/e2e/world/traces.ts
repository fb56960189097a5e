import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { consulOperator } from "../../clients/contract/consul-cluster.ts";
import { searchVault } from "../../helpers/real-openbao/search.ts";
import { readSettings } from "../settings.ts";

interface CatalogNode {
  readonly Node: string;
  readonly Meta: Readonly<Record<string, string>> | null;
}

interface ListedToken {
  readonly AccessorID: string;
  readonly Description: string;
  readonly NodeIdentities?: readonly { readonly NodeName: string; readonly Datacenter: string }[];
}

/** What a search of the real Consul, the real OpenBao and MiniStack's Parameter Store finds. */
export async function tracesOf(id: string) {
  const { openBao } = readSettings();
  const [consulNodes, consulTokens, vault, parameters] = await Promise.all([
    nodesOf(id),
    tokensOf(id),
    searchVault(openBao, id),
    parametersOf(id),
  ]);
  return { consulNodes, consulTokens, ...vault, parameters };
}

/** What such a search finds of a node that has left nothing behind. */
export const NOTHING = {
  consulNodes: [],
  consulTokens: [],
  secretIds: [],
  tokens: [],
  parameters: [],
};

async function nodesOf(id: string): Promise<string[]> {
  const nodes = (await consul("/v1/catalog/nodes")) as CatalogNode[];
  return nodes
    .filter(({ Node, Meta }) => Node === id || Meta?.instance_id === id)
    .map(({ Node }) => Node);
}

async function tokensOf(id: string): Promise<ListedToken[]> {
  const tokens = (await consul("/v1/acl/tokens")) as ListedToken[];
  return tokens.filter(
    ({ Description, NodeIdentities = [] }) =>
      Description.includes(id) || NodeIdentities.some(({ NodeName }) => NodeName === id),
  );
}

async function parametersOf(id: string): Promise<{ name?: string; version?: number }[]> {
  const Path = `/drover/nodes/${id}`;
  const { Parameters = [] } = await new SSMClient({}).send(
    new GetParametersByPathCommand({ Path }),
  );
  return Parameters.map(({ Name: name, Version: version }) => ({ name, version }));
}

/** A read as an operator with the management token. */
export function consul(path: string): Promise<unknown> {
  return consulOperator(readSettings().consul, "GET", path);
}
