import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import { createRotations } from "../../lambdas/clients/aws/rotations.ts";
import type { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import { LOCAL_TABLE } from "../stack/environment.ts";
import type { ModelToken } from "../vault/tokens.ts";
import type { Moments } from "./moments.ts";
import type { TokenConsumer } from "./token-consumer.ts";

/** What is found when the rotation of a token is over. */
export interface RotationFindings {
  readonly name: RotationName;
  readonly moments: Pick<Moments, "missing">;
  readonly consumer: Pick<TokenConsumer, "refusals">;
  /** The accessor of the token before. */
  readonly old: string;
  /** The accessors of the tokens that live, but for logins and for those that have to do with nothing here. */
  readonly living: readonly string[];
  /** The accessors in the rotation's record. */
  readonly recorded: readonly string[];
}

/** The accessors of tokens that somebody was given, and did not get by a login. */
export function accessorsOf(tokens: readonly ModelToken[]): string[] {
  return tokens.filter(({ path }) => !path.endsWith("/login")).map(({ accessor }) => accessor);
}

/** The accessors in the record of a rotation. */
export async function recordedAccessors(name: RotationName): Promise<string[]> {
  const documents = createDocumentClient(new DynamoDBClient({}));
  const record = await createRotations(documents, LOCAL_TABLE).get(name);
  const { current, attempt } = record ?? {};
  const all = [current, attempt?.minted, attempt?.before];
  return [...new Set(all.flatMap((each) => (each ? [each.accessor] : [])))];
}

/** What went wrong, each in a sentence. */
export function troublesOf(findings: RotationFindings): string[] {
  const { name, moments, consumer, old, living, recorded } = findings;
  const { refusals } = consumer;
  const missing = moments.missing();
  const strays = living.filter((each) => each !== old && !recorded.includes(each));
  const dead = recorded.filter((each) => !living.includes(each));
  return [
    refusals.length > 0 && `the consumer of ${name} was refused: ${refusals.join(", ")}`,
    living.includes(old) && `the old token of ${name} lives still: ${old}`,
    strays.length > 0 && `of ${name} these live, and its record has none: ${strays.join(", ")}`,
    dead.length > 0 && `the record of ${name} has what is dead: ${dead.join(", ")}`,
    missing.length > 0 && `of ${name} this never happened: ${missing.join(", ")}`,
  ].filter((trouble) => trouble !== false);
}
