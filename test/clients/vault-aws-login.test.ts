import { describe, expect, test } from "vitest";
import { type AwsLoginOptions, awsLogin } from "../../lambdas/clients/vault/aws-login.ts";
import { VirtualClock } from "../../local/clock.ts";
import { modelVaultSession } from "../../local/vault/port.ts";
import { vaultWorld } from "./vault-world.ts";

const CREDENTIALS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "a-session-token",
};
const ARN = "arn:aws:iam::111111111111:role/drover-join-client";

function login(options: Partial<AwsLoginOptions> = {}) {
  return awsLogin({
    role: "drover",
    stsRegion: "eu-central-1",
    credentials: async () => CREDENTIALS,
    clock: new VirtualClock(new Date("2026-01-01T00:00:00Z")),
    ...options,
  });
}

async function sent(options: Partial<AwsLoginOptions> = {}) {
  const { mount, body } = await login(options).request();
  const decode = (field: string) => Buffer.from(body[field] ?? "", "base64").toString();
  const headers: Record<string, string> = JSON.parse(decode("iam_request_headers"));
  return { mount, body, headers, url: decode("iam_request_url"), sts: decode("iam_request_body") };
}

function signedHeaders(headers: Record<string, string>): string[] {
  return /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
}

describe("what is sent", () => {
  test("is a GetCallerIdentity for the regional endpoint", async () => {
    const { mount, body, url, sts } = await sent();
    expect(mount).toBe("aws");
    expect(body).toMatchObject({ role: "drover", iam_http_request_method: "POST" });
    expect(url).toBe("https://sts.eu-central-1.amazonaws.com/");
    expect(sts).toBe("Action=GetCallerIdentity&Version=2011-06-15");
  });

  test("has no X-Amz- header that Vault refuses", async () => {
    const { headers } = await sent();
    const amz = Object.keys(headers).map((name) => name.toLowerCase());
    expect(amz.filter((name) => name.startsWith("x-amz-")).sort()).toEqual([
      "x-amz-date",
      "x-amz-security-token",
    ]);
    expect(amz).not.toContain("user-agent");
  });

  test("carries and signs the server id, where there is one", async () => {
    const { headers } = await sent({ serverId: "vault.example.internal" });
    expect(headers["X-Vault-AWS-IAM-Server-ID"]).toBe("vault.example.internal");
    expect(signedHeaders(headers)).toEqual([
      "content-type",
      "host",
      "x-amz-date",
      "x-amz-security-token",
      "x-vault-aws-iam-server-id",
    ]);
    expect(signedHeaders((await sent()).headers)).not.toContain("x-vault-aws-iam-server-id");
  });

  test("goes to China's own domain there", async () => {
    const { url } = await sent({ stsRegion: "cn-north-1" });
    expect(url).toBe("https://sts.cn-north-1.amazonaws.com.cn/");
  });
});

describe("a login at the model, which checks the signature as STS does", () => {
  function world({ serverId }: { serverId?: string } = {}) {
    const { model, clock } = vaultWorld();
    const role = { boundPrincipalArn: ARN, policies: ["drover"], tokenTtlSeconds: 1_200 };
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    model.enableAws({
      roles: { drover: role },
      stsRegion: "eu-central-1",
      callers: { [accessKeyId]: { secretAccessKey, arn: ARN } },
      ...(serverId && { serverId }),
    });
    const token = (options: Partial<AwsLoginOptions>) =>
      modelVaultSession(model, login({ clock, ...options })).token();
    return { clock, token };
  }

  test("works with the server id that Vault wants", async () => {
    const { token } = world({ serverId: "vault.example.internal" });
    expect(await token({ serverId: "vault.example.internal" })).toMatch(/^s\./);
  });

  const stolen = async () => ({ ...CREDENTIALS, secretAccessKey: "another" });
  test.each<[string, Partial<AwsLoginOptions>]>([
    ["without the server id", {}],
    ["with another server id", { serverId: "another" }],
    ["for another region", { serverId: "v", stsRegion: "eu-west-1" }],
    ["for a role that does not exist", { serverId: "v", role: "nowhere" }],
    ["with keys that STS does not know", { serverId: "v", credentials: stolen }],
    ["with a clock that is wrong", { serverId: "v", clock: new VirtualClock(new Date(0)) }],
  ])("%s is denied", async (_, options) => {
    const { token } = world({ serverId: "v" });
    await expect(token(options)).rejects.toMatchObject({ system: "vault", kind: "denied" });
  });
});
