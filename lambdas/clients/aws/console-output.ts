import { type EC2Client, GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import type { Compute } from "../../domain/ports/compute.ts";
import { toPortError } from "./sdk-error.ts";

/**
 * Reads consoles. Instances on Nitro say what they write now; others only what EC2 kept when they
 * last started or ended, which it posts some minutes later.
 */
export function createConsoleOutput(client: EC2Client): Compute["consoleOutput"] {
  async function read(InstanceId: string, Latest: boolean): Promise<string | undefined> {
    const answer = await client.send(new GetConsoleOutputCommand({ InstanceId, Latest }));
    return Buffer.from(answer.Output ?? "", "base64").toString("utf8") || undefined;
  }

  return async (id) => {
    try {
      return await read(id, true).catch((cause: unknown) => {
        if (isNamed(cause, "UnsupportedOperation")) return read(id, false);
        throw cause;
      });
    } catch (cause) {
      if (isNamed(cause, "InvalidInstanceID.NotFound")) return undefined;
      throw toPortError("ec2", "ec2:GetConsoleOutput", cause);
    }
  };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
