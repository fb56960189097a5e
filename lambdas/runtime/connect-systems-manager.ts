import { SSMClient } from "@aws-sdk/client-ssm";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createIntroductions } from "../clients/aws/introductions.ts";
import type { Introductions } from "../domain/ports/introductions.ts";
import type { Wiring } from "./wiring.ts";

/** A client of Systems Manager, for those who share one. */
export function connectSystemsManager(): SSMClient {
  return new SSMClient(AWS_CLIENT_OPTIONS);
}

/** What new instances are given, if anything. */
export function connectIntroductions(
  { config, clock }: Wiring,
  client: SSMClient,
): Introductions | undefined {
  const { introduction, account, region } = config;
  return introduction && createIntroductions(client, { ...introduction, account, region }, clock);
}
