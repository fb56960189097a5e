import { PUT_PARAMETER_RATE, type WriteRate } from "../../local/aws/ssm/write-limit.ts";
import type { CalledSystem } from "../helpers/call-counts.ts";
import { JoinStorm } from "../helpers/join-storm.ts";
import { round } from "./percentile.ts";

const SIZES = [50, 500];
const LIMIT_SECONDS = 1_200;

/**
 * Launches at once in virtual time, from Auto Scaling's first word until all are in service: how long
 * that takes, and what leaves the real clients for each node; with Parameter Store taking any number
 * of writes, and as many as it takes on AWS.
 */
export async function joinCalls(): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  for (const rate of [undefined, PUT_PARAMETER_RATE]) {
    const [few, many] = [await launch(SIZES[0] ?? 0, rate), await launch(SIZES[1] ?? 0, rate)];
    const growth = (of: (size: Launched) => number) => round(of(many) / of(few));
    lines.push(few, many, {
      parameterWrites: few.parameterWrites,
      from: few.nodes,
      to: many.nodes,
      callsGrow: {
        nomad: growth(({ callsANode }) => callsANode.nomad),
        consul: growth(({ callsANode }) => callsANode.consul),
        vault: growth(({ callsANode }) => callsANode.vault),
        parameterStore: growth(({ callsANode }) => callsANode.parameterStore),
      },
      targetGrowth: 1,
    });
  }
  return lines;
}

type Launched = Awaited<ReturnType<typeof launch>>;

async function launch(nodes: number, rate: WriteRate | undefined) {
  const storm = new JoinStorm({ ...(rate && { aws: { parameterWrites: rate } }) });
  const seconds = await storm.joinAll(nodes, LIMIT_SECONDS);
  const aNode = (system: CalledSystem, fits?: (name: string) => boolean) =>
    round(storm.counts.of(system, fits) / nodes);
  return {
    nodes,
    parameterWrites: rate ? `${rate.perSecond}/s, ${rate.burst} at once` : "unlimited",
    functionInstances: storm.functions.count,
    virtualSecondsUntilAllInService: seconds ?? null,
    joined: storm.ports.told.filter(({ outcome }) => outcome === "joined").length,
    callsANode: {
      nomad: aNode("nomad"),
      consul: aNode("consul"),
      vault: aNode("vault"),
      parameterStore: aNode("ssm"),
    },
    listsANode: {
      nomadNodes: aNode("nomad", (name) => name === "GET /v1/nodes"),
      vaultSecretIds: aNode("vault", (name) => name.endsWith("/secret-id/")),
    },
  };
}
