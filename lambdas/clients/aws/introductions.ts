import { DeleteParametersCommand, GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import DataLoader from "dataloader";
import type { IntroductionConfig } from "../../contracts/config/introduction.ts";
import type { InstanceId } from "../../contracts/ids.ts";
import {
  INSTANCE_TAG_KEY,
  instanceArn,
  introductionNames,
  NO_REPORT_YET,
} from "../../contracts/introduction.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { Introductions } from "../../domain/ports/introductions.ts";
import { readReport } from "./introduction-report.ts";
import { replaceParameter } from "./replace-parameter.ts";
import { sdkCall } from "./sdk-error.ts";
import { soon, type WhenToSend } from "./soon.ts";

const SYSTEM = "ssm";
/** GetParameters and DeleteParameters take no more. */
const NAMES_A_CALL = 10;

/** Where introductions lie, and the account and region whose instances they are for. */
export type IntroductionsConfig = Pick<
  IntroductionConfig,
  "path" | "expiresAfterSeconds" | "kmsKeyId" | "vault"
> & { readonly account: string; readonly region: string };

export interface IntroductionsOptions {
  /** When a batch of calls goes out. @default what is asked within 10 ms */
  readonly whenToSend?: WhenToSend;
  /** Takes a turn to write. @default it is always now */
  readonly turn?: () => Promise<Date>;
  /** Hears of a report that cannot be read. @default a warning of the process, which is logged */
  readonly warn?: (text: string) => void;
}

/**
 * Introductions as SecureStrings in Parameter Store, with an expiration policy, which only the
 * advanced tier has. Both parameters of an instance are made here, tagged with its ARN: its role may
 * read the one and overwrite the other by that tag. Parameters asked for at the same time travel in
 * one call.
 *
 * An instance could write anything into its report. What is no report counts as none. It is a plain
 * String, as there is no secret in it, and read without decryption: one under a key of somebody else's
 * would make the call fail for every instance in it.
 */
export function createIntroductions(
  client: SSMClient,
  config: IntroductionsConfig,
  clock: Clock,
  options: IntroductionsOptions = {},
): Introductions {
  const { whenToSend = soon, warn = (text: string) => process.emitWarning(text) } = options;
  const { turn = async () => clock.now() } = options;
  const batches = { cache: false, maxBatchSize: NAMES_A_CALL, batchScheduleFn: whenToSend };
  const values = new DataLoader((names: readonly string[]) => get(client, names), batches);
  const deletions = new DataLoader((names: readonly string[]) => remove(client, names), batches);
  const tags = (id: InstanceId) => [{ Key: INSTANCE_TAG_KEY, Value: instanceArn(config, id) }];
  return {
    turn,
    async prepare(id) {
      if (!config.vault) return;
      await replaceParameter(client, {
        Name: introductionNames(config.path, id).report,
        Value: NO_REPORT_YET,
        Type: "String",
        Tags: tags(id),
      });
    },
    async put(id, introduction) {
      await replaceParameter(client, {
        Name: introductionNames(config.path, id).introduction,
        Value: JSON.stringify(introduction),
        Type: "SecureString",
        KeyId: config.kmsKeyId,
        Tier: "Advanced",
        Policies: expiration(clock.now(), config.expiresAfterSeconds),
        Tags: tags(id),
      });
    },
    async has(id) {
      const { introduction } = introductionNames(config.path, id);
      return (await values.load(introduction)) !== undefined;
    },
    async report(id) {
      const { report } = introductionNames(config.path, id);
      const value = await values.load(report);
      return value === undefined ? undefined : readReport(report, value, warn);
    },
    withdraw: (id) => deletions.load(introductionNames(config.path, id).introduction),
    async remove(id) {
      const names = Object.values(introductionNames(config.path, id));
      const deleted = await Promise.all(names.map((name) => deletions.load(name)));
      return deleted.filter((was) => was).length;
    },
  };
}

async function get(client: SSMClient, names: readonly string[]) {
  const Names = [...new Set(names)];
  const answer = await sdkCall(SYSTEM, "ssm:GetParameters", () =>
    client.send(new GetParametersCommand({ Names, WithDecryption: false })),
  );
  const found = new Map(answer.Parameters?.map((each) => [each.Name, each.Value]));
  return names.map((name) => found.get(name));
}

async function remove(client: SSMClient, names: readonly string[]): Promise<boolean[]> {
  const Names = [...new Set(names)];
  const answer = await sdkCall(SYSTEM, "ssm:DeleteParameters", () =>
    client.send(new DeleteParametersCommand({ Names })),
  );
  const deleted = new Set(answer.DeletedParameters);
  return names.map((name) => deleted.has(name));
}

/** Sent each time: overwriting a parameter leaves its policies, and so its end, as they were. */
function expiration(now: Date, afterSeconds: number): string {
  const Timestamp = new Date(now.getTime() + afterSeconds * 1_000).toISOString();
  return JSON.stringify([{ Type: "Expiration", Version: "1.0", Attributes: { Timestamp } }]);
}
