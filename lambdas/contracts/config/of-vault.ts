import * as z from "zod";
import { Seconds } from "./fields.ts";
import { Published } from "./published.ts";
import { VaultConfig } from "./server.ts";
import { Wrapped } from "./wrapped.ts";

/** One whose value a Vault makes. */
const OfVault = Published.extend({
  /** A Vault or OpenBao other than Drover's own, where this is made. @default that of the section `vault` */
  server: VaultConfig.optional(),
});

export const VaultToken = OfVault.extend({
  kind: z.literal("vault-token"),
  /** A token role with `orphan` and `token_period`. */
  role: z.string().min(1),
  /** @default those of the role */
  policies: z.array(z.string().min(1)).min(1).optional(),
  /** A path that the new token must be able to read, with the policies it is for. */
  testPath: z.string().min(1).optional(),
  /** The consumer renews its token: that proves which one it uses. */
  consumerRenews: z.boolean().default(true),
});

export const VaultSecretId = OfVault.extend({
  kind: z.literal("vault-secret-id"),
  mount: z.string().min(1).default("approle"),
  role: z.string().min(1),
  /** @default that of the role */
  ttlSeconds: Seconds.min(60).optional(),
  /** Whom it is delivered to response-wrapped, beside the secret. @default nobody */
  wrapped: Wrapped.optional(),
});

const HOST_NAME = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const HostName = z.string().max(253).regex(HOST_NAME, "must be a host name in lower case");

const OfPki = OfVault.extend({
  /** A PKI secrets engine. */
  mount: z.string().min(1).default("pki"),
});

export const VaultCertificate = OfPki.extend({
  kind: z.literal("vault-certificate"),
  /** With `allowed_uri_sans: drover://*`, for what is made says what it was made for. */
  role: z.string().min(1),
  /** Such as `client.global.nomad`. */
  commonName: HostName,
  /** More host names. */
  altNames: z.array(HostName).default([]),
  ipSans: z.array(z.union([z.ipv4(), z.ipv6()], { error: "must be an IP address" })).default([]),
  /** @default that of the role */
  ttlSeconds: Seconds.min(60).optional(),
});

export const VaultCa = OfPki.extend({
  kind: z.literal("vault-ca"),
  /** The CA's own name, such as `Nomad agents`. */
  commonName: z.string().min(1).max(64),
  /** How long it lives. The engine's `max_lease_ttl` has to allow it. */
  ttlSeconds: Seconds.min(60),
  keyType: z.enum(["ec", "rsa"]).default("ec"),
  /** @default the engine's own: 256 of ec, 2048 of rsa */
  keyBits: z.number().int().min(224).max(8_192).optional(),
  /** The engine of the same server whose default issuer signs it. @default none: it is a root */
  parent: z.strictObject({ mount: z.string().min(1) }).optional(),
  /** A role by which its test has a certificate made. */
  role: z.string().min(1),
  /** A host name that the role allows. */
  testName: HostName,
});
