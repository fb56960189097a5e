import * as z from "zod";
import { Address, Seconds, SecretName } from "./fields.ts";

const Tls = z.strictObject({
  /** The CA certificate in PEM, or `caFile` with its path (read when the app is synthesized). */
  ca: z.string().startsWith("-----BEGIN CERTIFICATE-----").optional(),
  caFile: z.string().min(1).optional(),
  /** Name or ARN of a secret with JSON `{"certificate","privateKey"}` in PEM. */
  clientCertificateSecret: SecretName.optional(),
  /** The name to expect in the server's certificate, such as `server.global.nomad`. */
  serverName: z.string().min(1).optional(),
});

/** How Nomad, Consul and Vault are reached. */
const Server = z.strictObject({
  /** Plain http carries the token in clear. */
  address: Address,
  tls: Tls.optional(),
  requestTimeoutSeconds: Seconds.min(1).max(25).default(5),
  /** Sockets a function instance opens to it. */
  maxSockets: z.number().int().min(1).max(50).default(3),
});
export type ServerConfig = z.infer<typeof Server>;

/** Short-lived tokens from one of Vault's secrets engines: `GET <mount>/creds/<role>`. */
export const VaultRole = z.strictObject({
  /** @default "nomad" or "consul", the engine's own name */
  mount: z.string().min(1).optional(),
  role: z.string().min(1),
});

const oneTokenSource = {
  check: (server: { tokenSecret?: string | undefined; tokenFromVault?: unknown }) =>
    !(server.tokenSecret && server.tokenFromVault),
  error: "name either tokenSecret or tokenFromVault, not both",
};

export const NomadConfig = Server.extend({
  region: z.string().min(1).optional(),
  /** Name or ARN of the secret that holds the Nomad ACL token, as text or as JSON `{"token"}`. */
  tokenSecret: SecretName.optional(),
  tokenFromVault: VaultRole.optional(),
}).refine(oneTokenSource.check, { path: ["tokenFromVault"], error: oneTokenSource.error });

export const ConsulConfig = Server.extend({
  /** The Consul datacenter. @default that of the server which answers */
  datacenter: z.string().min(1).optional(),
  /** Name or ARN of the secret that holds the Consul ACL token, as text or as JSON `{"token"}`. */
  tokenSecret: SecretName.optional(),
  tokenFromVault: VaultRole.optional(),
}).refine(oneTokenSource.check, { path: ["tokenFromVault"], error: oneTokenSource.error });
export type ConsulConfig = z.infer<typeof ConsulConfig>;

/** How to log in to Vault. */
export const VaultLogin = z.discriminatedUnion(
  "method",
  [
    /** A signed GetCallerIdentity, with the function's own role. OpenBao has it as a plugin only. */
    z.strictObject({
      method: z.literal("aws"),
      role: z.string().min(1),
      mount: z.string().min(1).default("aws"),
      /** Vault's `iam_server_id_header_value`: sent and signed. */
      serverId: z.string().min(1).optional(),
      /** Region of the STS endpoint; must be Vault's `sts_region`. @default the function's */
      stsRegion: z.string().min(1).optional(),
    }),
    z.strictObject({
      method: z.literal("jwt"),
      role: z.string().min(1),
      mount: z.string().min(1).default("jwt"),
      /** Name or ARN of the secret with the JWT, as text or as JSON `{"token"}`. */
      jwtSecret: SecretName,
    }),
    z.strictObject({
      method: z.literal("approle"),
      mount: z.string().min(1).default("approle"),
      /** Name or ARN of the secret with JSON `{"roleId","secretId"}`. */
      secret: SecretName,
    }),
  ],
  { error: "method must be aws, jwt or approle, each with its own fields" },
);
export type VaultLogin = z.infer<typeof VaultLogin>;

export const VaultConfig = Server.extend({
  /** Vault Enterprise or OpenBao. */
  namespace: z.string().min(1).optional(),
  login: VaultLogin,
});
export type VaultConfig = z.infer<typeof VaultConfig>;
