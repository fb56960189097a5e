import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import { parseQuietly } from "../quiet-json.ts";
import type { AppRoleCredentials } from "../vault/app-role-login.ts";

const AppRole = z.object({ roleId: z.string().min(1), secretId: z.string().min(1) });
const ClientCertificate = z.object({
  certificate: z.string().min(1),
  privateKey: z.string().min(1),
});

/** What to log in with by AppRole. @param id names the secret in the error. @throws {PortError} `invalid`. */
export function appRoleIn(text: string, id: string): AppRoleCredentials {
  return parse(AppRole, text, id, '{"roleId":"…","secretId":"…"}');
}

/** A client certificate and its key. @param id names the secret in the error. @throws {PortError} `invalid`. */
export function clientCertificateIn(text: string, id: string): z.infer<typeof ClientCertificate> {
  return parse(ClientCertificate, text, id, '{"certificate":"…","privateKey":"…"} in PEM');
}

/** The error holds nothing of the text: the parser's own would. */
function parse<T extends z.ZodType>(
  schema: T,
  text: string,
  id: string,
  expected: string,
): z.output<T> {
  const parsed = schema.safeParse(parseQuietly(text));
  if (parsed.success) return parsed.data;
  const message = `secret ${id} must hold JSON ${expected}`;
  throw new PortError("secrets-manager", "invalid", message);
}
