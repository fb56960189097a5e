import {
  GetParameterCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  paginateDescribeParameters,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { PortError } from "../../domain/ports/errors.ts";
import type { Value } from "../../domain/rotate/kind.ts";
import { namingParameter } from "./naming-parameter.ts";
import { toPortError } from "./sdk-error.ts";
import { writeValue } from "./secret-value.ts";
import { withoutValue } from "./without-value.ts";

const SYSTEM = "ssm";
/** The standard tier, which costs nothing, takes no longer values. */
const STANDARD_CHARACTERS = 4_096;

/** Copies of secrets. Methods throw a `PortError` of system `ssm`. */
export interface ParameterMirrors {
  /** Has a SecureString hold a value; one that holds it already is not written. */
  put(parameter: string, value: Value): Promise<void>;
}

/**
 * Copies of secrets in Parameter Store, as SecureStrings with the text of the secret. A parameter that exists
 * keeps its key, its tags and its tier.
 * @param newUnder the id or alias of the key of those that are made. @default the account's for Systems Manager
 */
export function createMirrors(
  client: SSMClient,
  { newUnder }: { readonly newUnder?: string } = {},
): ParameterMirrors {
  /** @returns undefined when there is none. */
  async function read(Name: string): Promise<string | undefined> {
    const command = new GetParameterCommand({ Name, WithDecryption: true });
    const answer = await client.send(command).catch((cause: unknown) => {
      if (cause instanceof Error && cause.name === "ParameterNotFound") return undefined;
      throw namingParameter(Name, toPortError(SYSTEM, "ssm:GetParameter", cause));
    });
    const { Parameter } = answer ?? {};
    if (!Parameter || Parameter.Type === "SecureString") return Parameter?.Value;
    // AWS lets nobody change that.
    const text = `parameter ${Name} is no SecureString: delete it, and it is made one`;
    throw new PortError(SYSTEM, "invalid", text);
  }

  /** What an overwritten parameter would lose: without a key it gets the account's. */
  async function keptOf(name: string): Promise<Kept> {
    const ParameterFilters = [{ Key: "Name", Option: "Equals", Values: [name] }];
    try {
      // Pages of what is filtered can be empty, and others follow.
      for await (const page of paginateDescribeParameters({ client }, { ParameterFilters })) {
        const [found] = page.Parameters ?? [];
        if (!found) continue;
        const { KeyId, Tier } = found;
        return { ...(KeyId && { KeyId }), ...(Tier === "Advanced" && { Tier }) };
      }
    } catch (cause) {
      throw namingParameter(name, toPortError(SYSTEM, "ssm:DescribeParameters", cause));
    }
    const text = `parameter ${name} can't be found to be described, and was there just now`;
    throw new PortError(SYSTEM, "unavailable", text);
  }

  return {
    async put(parameter, value) {
      const text = writeValue(value);
      const before = await read(parameter);
      if (before === text) return;
      const kept = before === undefined ? newUnder && { KeyId: newUnder } : await keptOf(parameter);
      const command = new PutParameterCommand({
        Name: parameter,
        Value: text,
        Type: "SecureString",
        Overwrite: true,
        ...kept,
        ...(text.length > STANDARD_CHARACTERS && { Tier: "Advanced" }),
      });
      await client.send(command).catch((cause: unknown) => {
        throw namingParameter(parameter, withoutValue(SYSTEM, "ssm:PutParameter", cause));
      });
    },
  };
}

type Kept = Pick<PutParameterCommandInput, "KeyId" | "Tier">;
