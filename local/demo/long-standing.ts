import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import { createSweepRuns } from "../../lambdas/clients/aws/survey-runs.ts";
import { plusSeconds } from "../clock.ts";
import { LOCAL_TABLE } from "../stack/environment.ts";
import type { LocalStack } from "../stack.ts";

const OWNER = "the stage";
const HOUR = 3_600;

/**
 * Has the sweep remember that Nomad's leader has led for an hour. After an election it trusts nothing that
 * is missing for six minutes, and a story has not the time to wait for that.
 */
export async function hasStoodLong({ cluster }: LocalStack): Promise<void> {
  const { clock } = cluster.aws;
  const { leader, term } = cluster.nomad.servers;
  if (!leader) throw new Error("Nomad has no leader");
  const runs = createSweepRuns(createDocumentClient(new DynamoDBClient({})), LOCAL_TABLE, clock);
  const before = await runs.begin(OWNER, plusSeconds(clock.now(), 1));
  if (!before) throw new Error("a sweep runs already");
  const who = `${leader.address} in term ${term}`;
  await runs.end(OWNER, {
    ...before,
    nomadLeader: { who, since: plusSeconds(clock.now(), -HOUR) },
  });
}
