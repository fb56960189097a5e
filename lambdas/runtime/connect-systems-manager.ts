import { SSMClient } from "@aws-sdk/client-ssm";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createIntroductions } from "../clients/aws/introductions.ts";
import { createWriteTurns } from "../clients/aws/write-turns.ts";
import type { Introductions } from "../domain/ports/introductions.ts";
import type { Wiring } from "./wiring.ts";

/** A client of Systems Manager, for those who share one. */
export function connectSystemsManager(): SSMClient {
  return new SSMClient(AWS_CLIENT_OPTIONS);
}

/** A little is left for others. */
const SHARE = 0.9;
/** Two of Drover's and the report of the instance; without Vault there is no report. */
const WRITES = { withVault: 3, withoutVault: 1 };

/** What new instances are given, if anything. */
export function connectIntroductions(
  { config, clock, documents, table }: Wiring,
  client: SSMClient,
): Introductions | undefined {
  const { introduction, account, region } = config;
  if (!introduction) return undefined;
  const writes = introduction.vault ? WRITES.withVault : WRITES.withoutVault;
  const turn = createWriteTurns(
    documents,
    table,
    clock,
    writes / (SHARE * introduction.writesPerSecond),
  );
  return createIntroductions(client, { ...introduction, account, region }, clock, { turn });
}
