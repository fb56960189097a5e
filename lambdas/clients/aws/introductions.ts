import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import DataLoader from "dataloader";
import type { IntroductionConfig } from "../../contracts/config/introduction.ts";
import type { NodeId } from "../../contracts/ids.ts";
import { introductionNames } from "../../contracts/introduction.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Introductions } from "../../domain/ports/introductions.ts";
import { readReport } from "./introduction-report.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";
import { soon, type WhenToSend } from "./soon.ts";

const SYSTEM = "ssm";
/** GetParameters and DeleteParameters take no more. */
const NAMES_A_CALL = 10;

export interface IntroductionsOptions {
  /** When a batch of calls goes out. @default what is asked within 10 ms */
  readonly whenToSend?: WhenToSend;
  /** Hears of a report that cannot be read. @default a warning of the process, which is logged */
  readonly warn?: (text: string) => void;
}

/**
 * Introductions as SecureStrings in Parameter Store, with an expiration policy, which only the
 * advanced tier has. Parameters asked for at the same time travel in one call.
 *
 * An instance writes its report by itself and could write anything. One that is no report counts as
 * none. It is read without decryption, and so has to be a plain String (there is no secret in it): one
 * encrypted under a key of somebody else's would make the call fail for every instance in it.
 */
export function createIntroductions(
  client: SSMClient,
  config: Pick<IntroductionConfig, "path" | "expiresAfterSeconds" | "kmsKeyId">,
  clock: Clock,
  options: IntroductionsOptions = {},
): Introductions {
  const { whenToSend = soon, warn = (text: string) => process.emitWarning(text) } = options;
  const batches = { cache: false, maxBatchSize: NAMES_A_CALL, batchScheduleFn: whenToSend };
  const values = new DataLoader((names: readonly string[]) => get(client, names), batches);
  const deletions = new DataLoader((names: readonly string[]) => remove(client, names), batches);
  const namesOf = (id: NodeId) => introductionNames(config.path, id);
  return {
    async put(id, introduction) {
      const now = clock.now();
      const command = new PutParameterCommand({
        Name: namesOf(id).introduction,
        Value: JSON.stringify(introduction),
        Type: "SecureString",
        KeyId: config.kmsKeyId,
        Overwrite: true,
        Tier: "Advanced",
        // Sent each time: what overwrites a parameter leaves its policies, and so its end, as they were.
        Policies: expiration(new Date(now.getTime() + config.expiresAfterSeconds * 1_000)),
      });
      await client.send(command).catch((cause: unknown) => {
        throw withoutValue(cause);
      });
    },
    async report(id) {
      const { report } = namesOf(id);
      const value = await values.load(report);
      return value === undefined ? undefined : readReport(report, value, warn);
    },
    async remove(id) {
      const deleted = await deletions.loadMany(Object.values(namesOf(id)));
      for (const each of deleted) if (each instanceof Error) throw each;
      return deleted.filter((each) => each === true).length;
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

function expiration(at: Date): string {
  const Attributes = { Timestamp: at.toISOString() };
  return JSON.stringify([{ Type: "Expiration", Version: "1.0", Attributes }]);
}

/** What Parameter Store says of a value it does not like can quote it. */
function withoutValue(cause: unknown): PortError {
  if (cause instanceof Error && cause.name === "ValidationException") {
    const text = `ssm:PutParameter failed (${cause.name}; its text may hold the value and is left out)`;
    return new PortError(SYSTEM, "invalid", text);
  }
  return toPortError(SYSTEM, "ssm:PutParameter", cause);
}
