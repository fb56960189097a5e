import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { PortError } from "../../domain/ports/errors.ts";
import type { Mirrors } from "../../domain/rotate/ports.ts";
import { toPortError } from "./sdk-error.ts";
import { writeValue } from "./secret-value.ts";
import { withoutValue } from "./without-value.ts";

const SYSTEM = "ssm";
/** The standard tier, which costs nothing, takes no longer values. */
const STANDARD_BYTES = 4_096;

/**
 * Copies of secrets in Parameter Store, as SecureStrings with the text of the secret. A parameter that exists
 * keeps its key, its tags and its tier; one that does not is made, under the account's key for Systems Manager.
 */
export function createMirrors(client: SSMClient): Mirrors {
  /** @returns undefined when there is none, or none that is a SecureString. */
  async function read(Name: string): Promise<string | undefined> {
    const command = new GetParameterCommand({ Name, WithDecryption: true });
    try {
      const { Parameter } = await client.send(command);
      return Parameter?.Type === "SecureString" ? Parameter.Value : undefined;
    } catch (cause) {
      if (cause instanceof Error && cause.name === "ParameterNotFound") return undefined;
      throw naming(Name, toPortError(SYSTEM, "ssm:GetParameter", cause));
    }
  }

  return {
    async put(parameter, value) {
      const text = writeValue(value);
      if ((await read(parameter)) === text) return;
      const isLong = Buffer.byteLength(text) > STANDARD_BYTES;
      const command = new PutParameterCommand({
        Name: parameter,
        Value: text,
        Type: "SecureString",
        Overwrite: true,
        // An advanced one can't be made a standard one; without a tier it stays what it is.
        ...(isLong && { Tier: "Advanced" }),
      });
      await client.send(command).catch((cause: unknown) => {
        throw naming(parameter, withoutValue(SYSTEM, "ssm:PutParameter", cause));
      });
    },
  };
}

function naming(parameter: string, { kind, message }: PortError): PortError {
  return new PortError(SYSTEM, kind, `parameter ${parameter}: ${message}`);
}
