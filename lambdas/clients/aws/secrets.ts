import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import { parseQuietly } from "../quiet-json.ts";
import { Remembered } from "../remembered.ts";
import { toPortError } from "./sdk-error.ts";

const SYSTEM = "secrets-manager";
const ACTION = "secretsmanager:GetSecretValue";
const REMEMBERED_SECONDS = 300;

const JsonToken = z.object({ token: z.string().min(1) });

/** One secret of Secrets Manager. No error of its methods ever holds its value. */
export interface Secret {
  /** The text, at most five minutes old. @throws {PortError} naming the secret. */
  text(): Promise<string>;
  /** The text as it is now, since the one before was refused somewhere. */
  refresh(): Promise<string>;
}

/** The secret with a name or ARN. */
export function createSecret(client: SecretsManagerClient, id: string, clock: Clock): Secret {
  const values = new Remembered(clock, REMEMBERED_SECONDS, (name) => fetchText(client, name));
  return { text: () => values.get(id), refresh: () => values.refresh(id) };
}

/**
 * The token in a secret's text: the text itself, or the field `token` if it is a JSON object.
 * @param id names the secret in errors.
 * @throws {PortError} `invalid`.
 */
export function tokenIn(text: string, id: string): string {
  const trimmed = text.trim();
  if (trimmed !== "" && !trimmed.startsWith("{")) return trimmed;
  const result = JsonToken.safeParse(parseQuietly(trimmed));
  if (result.success) return result.data.token;
  const want = 'a token as text, or JSON such as {"token":"…"}';
  throw new PortError(SYSTEM, "invalid", `secret ${id} must hold ${want}`);
}

/** The text of a secret as it is now. @throws {PortError} naming the secret, and nothing of its value. */
export async function fetchText(client: SecretsManagerClient, id: string): Promise<string> {
  const answer = await client
    .send(new GetSecretValueCommand({ SecretId: id }))
    .catch((cause: unknown) => {
      throw explain(id, cause);
    });
  if (answer.SecretString !== undefined) return answer.SecretString;
  throw new PortError(SYSTEM, "invalid", `secret ${id} is binary; it must hold text`);
}

function explain(id: string, cause: unknown): PortError {
  if (cause instanceof Error && cause.name === "ResourceNotFoundException") {
    const text = `${ACTION}: there is no secret ${id} (or it has no value): create it, or correct its name in the configuration`;
    return new PortError(SYSTEM, "invalid", text, { cause });
  }
  const error = toPortError(SYSTEM, ACTION, cause);
  return new PortError(SYSTEM, error.kind, `secret ${id}: ${error.message}`, { cause });
}
