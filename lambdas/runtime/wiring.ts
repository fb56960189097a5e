import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Config } from "../contracts/config.ts";
import type { Clock } from "../domain/ports/clock.ts";

/** What the connections of a function are made from. */
export interface Wiring {
  readonly config: Config;
  readonly clock: Clock;
  readonly secrets: SecretsManagerClient;
  readonly documents: DynamoDBDocumentClient;
  readonly table: string;
}
