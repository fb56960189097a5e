import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import * as z from "zod";

export interface AwsRole {
  readonly boundPrincipalArn: string;
  readonly policies: readonly string[];
  readonly tokenTtlSeconds: number;
}

export interface AwsAuthOptions {
  readonly roles: Readonly<Record<string, AwsRole>>;
  /** `iam_server_id_header_value` */
  readonly serverId?: string;
  readonly stsRegion: string;
  /** Whose keys STS knows, by access key id. */
  readonly callers: Readonly<
    Record<string, { readonly secretAccessKey: string; readonly arn: string }>
  >;
}

const Login = z.object({
  role: z.string().min(1),
  iam_http_request_method: z.literal("POST"),
  iam_request_url: z.base64(),
  iam_request_body: z.base64(),
  iam_request_headers: z.base64(),
});
const Headers = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue("not JSON");
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string()));

/** What Vault lets pass; newer ones know `X-Amz-User-Agent` too. */
const ALLOWED = new Set([
  "x-amz-algorithm",
  "x-amz-content-sha256",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
]);
const SERVER_ID = "x-vault-aws-iam-server-id";
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+)\/([^/]+)\/sts\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]+)$/;
const LONGEST_SECONDS = 900;

/** The AWS auth method of type `iam`, and the STS that it asks. */
export class AwsAuth {
  readonly #options: AwsAuthOptions;

  constructor(options: AwsAuthOptions) {
    this.#options = options;
  }

  /** @returns the role, or why not. */
  async logIn(body: unknown, now: Date): Promise<AwsRole | string> {
    const login = Login.safeParse(body);
    if (!login.success) return `missing or wrong ${login.error.issues[0]?.path.join(".")}`;
    const role = this.#options.roles[login.data.role];
    if (!role) return `entry for role ${login.data.role} not found`;
    const parsed = Headers.safeParse(text(login.data.iam_request_headers));
    if (!parsed.success) return "failed to JSON decode iam_request_headers";
    const headers = lowerKeys(parsed.data);
    const signed = AUTHORIZATION.exec(headers.authorization ?? "")?.[4]?.split(";") ?? [];
    const wrong = this.#wrongHeader(headers, signed);
    if (wrong) return wrong;
    const { iam_request_url, iam_request_body } = login.data;
    const arn = await this.#askSts(text(iam_request_url), text(iam_request_body), headers, now);
    if (!arn) return "error making upstream request: received error code 403 from STS";
    if (arn === role.boundPrincipalArn) return role;
    return `IAM Principal "${arn}" does not belong to the role "${login.data.role}"`;
  }

  #wrongHeader(headers: Record<string, string>, signed: readonly string[]): string | undefined {
    const { serverId } = this.#options;
    const problem = "error validating X-Vault-AWS-IAM-Server-ID header: ";
    if (serverId && !headers[SERVER_ID]) return `${problem}missing header`;
    if (serverId && headers[SERVER_ID] !== serverId) return `${problem}expected another value`;
    if (serverId && !signed.includes(SERVER_ID)) return `${problem}vault header wasn't signed`;
    const unknown = Object.keys(headers).find(
      (name) => name.startsWith("x-amz-") && !ALLOWED.has(name),
    );
    return unknown && `invalid request header: ${unknown}`;
  }

  /** The caller, if the signature is right, made for this endpoint, and not old. */
  async #askSts(
    url: string,
    body: string,
    headers: Record<string, string>,
    now: Date,
  ): Promise<string | undefined> {
    const match = AUTHORIZATION.exec(headers.authorization ?? "");
    const [, accessKeyId = "", , region = "", signedHeaders = ""] = match ?? [];
    const caller = this.#options.callers[accessKeyId];
    const { hostname } = new URL(url);
    const { stsRegion } = this.#options;
    if (!caller || region !== stsRegion || hostname !== `sts.${stsRegion}.amazonaws.com`) return;
    if (body !== "Action=GetCallerIdentity&Version=2011-06-15") return;
    const signingDate = dateOf(headers["x-amz-date"] ?? "");
    if (Math.abs(now.getTime() - signingDate.getTime()) > LONGEST_SECONDS * 1_000) return;
    const names = new Set(signedHeaders.split(";"));
    const kept = Object.entries(headers).filter(([name]) => names.has(name));
    const sessionToken = headers["x-amz-security-token"];
    const signer = new SignatureV4({
      service: "sts",
      region,
      credentials: {
        accessKeyId,
        secretAccessKey: caller.secretAccessKey,
        ...(sessionToken && { sessionToken }),
      },
      sha256: Sha256,
      applyChecksum: false,
    });
    const request = new HttpRequest({
      method: "POST",
      protocol: "https:",
      hostname,
      path: "/",
      headers: Object.fromEntries(kept),
      body,
    });
    const again = await signer.sign(request, { signingDate });
    return again.headers.authorization === headers.authorization ? caller.arn : undefined;
  }
}

function text(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

function dateOf(amzDate: string): Date {
  return new Date(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
}

function lowerKeys(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, v]) => [name.toLowerCase(), v]));
}
