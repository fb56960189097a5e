import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Clock } from "../../domain/ports/clock.ts";
import type { LoginMethod, LoginRequest } from "./login-method.ts";

/** What signs for a role of AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsLoginOptions {
  /** @default "aws" */
  readonly mount?: string;
  readonly role: string;
  /** Vault's `iam_server_id_header_value`. */
  readonly serverId?: string;
  /** The region of the STS endpoint, which has to be Vault's `sts_region`. */
  readonly stsRegion: string;
  /** As the SDK's provider chain finds them. */
  readonly credentials: () => Promise<AwsCredentials>;
  readonly clock: Clock;
}

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";

/**
 * The login with a signed call of `sts:GetCallerIdentity`, which Vault makes in the function's name to
 * learn its role. It is signed without the SDK's client, which adds `X-Amz-User-Agent`: Vault refuses
 * `X-Amz-` headers that it does not know.
 */
export function awsLogin(options: AwsLoginOptions): LoginMethod {
  return { request: () => signedRequest(options) };
}

async function signedRequest(options: AwsLoginOptions): Promise<LoginRequest> {
  const { mount = "aws", role, serverId, stsRegion } = options;
  const credentials = await options.credentials();
  const hostname = stsHost(stsRegion);
  const signer = new SignatureV4({
    service: "sts",
    region: stsRegion,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const unsigned = new HttpRequest({
    method: "POST",
    protocol: "https:",
    hostname,
    path: "/",
    headers: {
      Host: hostname,
      "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
      ...(serverId && { "X-Vault-AWS-IAM-Server-ID": serverId }),
    },
    body: BODY,
  });
  const { headers } = await signer.sign(unsigned, { signingDate: options.clock.now() });
  const body = {
    role,
    iam_http_request_method: "POST",
    iam_request_url: base64(`https://${hostname}/`),
    iam_request_body: base64(BODY),
    iam_request_headers: base64(JSON.stringify(headers)),
  };
  return { mount, body, secrets: [body.iam_request_headers, credentials.sessionToken ?? ""] };
}

function stsHost(region: string): string {
  return `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
