import type { Config } from "../config.ts";
import { isPublished, type RotationName } from "./rotate.ts";
import type { ServerConfig, VaultConfig, VaultLogin } from "./server.ts";

/** What Drover is let in with, or knows a server by. */
export const WATCHED_KINDS = [
  "nomad-token",
  "consul-token",
  "vault-secret-id",
  "jwt",
  "client-certificate",
  "ca",
] as const;

type Found =
  | { readonly kind: "nomad-token" | "consul-token"; readonly secret: string }
  | { readonly kind: "vault-secret-id"; readonly secret: string; readonly at: WatchedVault }
  | { readonly kind: "jwt" | "client-certificate"; readonly secret: string }
  | { readonly kind: "ca"; readonly pem: string };

/** A Vault, and the auth method there that a secret id is of. */
export interface WatchedVault {
  readonly server: VaultConfig;
  readonly mount: string;
  /** The rotation that names it. @default it is that of the section `vault` */
  readonly rotation?: RotationName;
}

/** Something that the configuration names, has an end, and is rotated by no rotation. */
export type WatchedCredential = Found & {
  /** The fields of the configuration that name it: the first is what it is called. */
  readonly fields: readonly [string, ...string[]];
};

type Named = Found & { readonly field: string };

/**
 * All that Drover is let in with and nobody renews: what a rotation renews has its own look, and what Drover gets
 * for itself from Vault lives for a while only. What two fields name is there once.
 */
export function watchedIn(config: Config): readonly WatchedCredential[] {
  const rotated = new Set(
    (config.rotate?.of ?? []).filter(isPublished).map(({ secret }) => whole(secret, config)),
  );
  const found = new Map<string, WatchedCredential>();
  for (const { field, ...one } of namedIn(config)) {
    if ("secret" in one && rotated.has(whole(one.secret, config))) continue;
    const key = keyOf(one, config);
    const fields = [...(found.get(key)?.fields ?? []), field] as [string, ...string[]];
    found.set(key, { ...(found.get(key) ?? one), fields });
  }
  return [...found.values()];
}

function namedIn({ nomad, consul, vault, rotate }: Config): Named[] {
  const minting = (server: "nomad" | "consul") => {
    const from = rotate?.[server];
    return from && "tokenSecret" in from ? from.tokenSecret : undefined;
  };
  return [
    ...token("nomad-token", "nomad", nomad.tokenSecret),
    ...token("nomad-token", "rotate.nomad", minting("nomad")),
    ...tlsOf("nomad", nomad),
    ...(consul
      ? [
          ...token("consul-token", "consul", consul.tokenSecret),
          ...token("consul-token", "rotate.consul", minting("consul")),
          ...tlsOf("consul", consul),
        ]
      : []),
    ...(vault
      ? [
          ...loginOf("vault", vault.login, vault),
          ...(rotate?.vault ? loginOf("rotate.vault", rotate.vault.login, vault) : []),
          ...tlsOf("vault", vault),
        ]
      : []),
    ...(rotate?.of ?? []).flatMap((rotation) => {
      const server = "server" in rotation ? rotation.server : undefined;
      if (!server) return [];
      const section = `rotate.of (${rotation.name}).server`;
      return [...loginOf(section, server.login, server, rotation.name), ...tlsOf(section, server)];
    }),
  ];
}

function token(
  kind: "nomad-token" | "consul-token",
  section: string,
  secret: string | undefined,
): Named[] {
  return secret ? [{ kind, field: `${section}.tokenSecret`, secret }] : [];
}

function tlsOf(section: string, { tls }: ServerConfig): Named[] {
  const { clientCertificateSecret: secret, ca: pem } = tls ?? {};
  const field = `${section}.tls.clientCertificateSecret`;
  return [
    ...(secret ? [{ kind: "client-certificate", field, secret } as const] : []),
    ...(pem ? [{ kind: "ca", field: `${section}.tls.ca`, pem } as const] : []),
  ];
}

function loginOf(
  section: string,
  login: VaultLogin,
  server: VaultConfig,
  rotation?: RotationName,
): Named[] {
  switch (login.method) {
    case "jwt":
      return [{ kind: "jwt", field: `${section}.login.jwtSecret`, secret: login.jwtSecret }];
    case "approle": {
      const { secret, mount } = login;
      const at = { server, mount, ...(rotation && { rotation }) };
      return [{ kind: "vault-secret-id", field: `${section}.login.secret`, secret, at }];
    }
    case "aws":
      return [];
  }
}

function keyOf(one: Found, config: Config): string {
  if (one.kind === "ca") return `ca ${one.pem.trim()}`;
  const key = `${one.kind} ${whole(one.secret, config)}`;
  if (one.kind !== "vault-secret-id") return key;
  const { server, mount } = one.at;
  return `${key} ${server.address} ${server.namespace} ${mount}`;
}

const ARN_START = /^arn:[^:]+:secretsmanager:/;
const ARN_END = /-[A-Za-z0-9]{6}$/;

/** A secret's region, account and name, whichever way it is named. */
function whole(nameOrArn: string, { region, account }: Config): string {
  if (!ARN_START.test(nameOrArn)) return `${region}:${account}:secret:${nameOrArn}`;
  return nameOrArn.replace(ARN_START, "").replace(ARN_END, "");
}
