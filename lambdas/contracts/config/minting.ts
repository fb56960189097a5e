import type * as z from "zod";
import type { RotateConfig, Rotation, RotationKind, RotationName } from "./rotate.ts";
import type { ConsulConfig, NomadConfig, VaultConfig } from "./server.ts";

/** A server that a function talks to. */
export type Server = "nomad" | "consul" | "vault";

type Nomad = z.output<typeof NomadConfig>;

interface Cluster {
  readonly nomad: Nomad;
  readonly consul?: ConsulConfig | undefined;
  readonly vault?: VaultConfig | undefined;
  readonly rotate?: RotateConfig | undefined;
}

/** The server whose credentials are of a kind. */
export function serverOf(kind: RotationKind): Server {
  const [server] = kind.split("-");
  return server as Server;
}

/** The same configuration with what rotate-tokens is let in with at Nomad, Consul and Vault. */
export function asMinting<Of extends Cluster>(config: Of): Of {
  const { nomad, consul, vault, rotate } = config;
  return {
    ...config,
    nomad: withToken(nomad, rotate?.nomad),
    ...(consul && { consul: withToken(consul, rotate?.consul) }),
    ...(vault && { vault: { ...vault, ...rotate?.vault } }),
  };
}

/** The Vaults other than that of the section `vault`, each with the rotation that names it. */
export function otherVaults({
  rotate,
}: Pick<Cluster, "rotate">): readonly { rotation: RotationName; server: VaultConfig }[] {
  return (rotate?.of ?? []).flatMap((rotation) => {
    const server = "server" in rotation ? rotation.server : undefined;
    return server ? [{ rotation: rotation.name, server }] : [];
  });
}

function isElsewhere(rotation: Rotation): boolean {
  return "server" in rotation && rotation.server !== undefined;
}

/** The servers of the configuration's sections that a rotation makes its credentials on, or writes them to. */
function serversOf(rotation: Rotation): readonly Server[] {
  const writesVariable = "nomadVariable" in rotation && rotation.nomadVariable !== undefined;
  const own = isElsewhere(rotation) ? [] : [serverOf(rotation.kind)];
  return [...own, ...(writesVariable ? (["nomad"] as const) : [])];
}

/** The servers that rotate-tokens talks to; Vault also where it gives the tokens for the others. */
export function mintingServers(config: Cluster): readonly Server[] {
  const servers = (config.rotate?.of ?? []).flatMap(serversOf);
  const { nomad, consul } = asMinting(config);
  const fromVault =
    (servers.includes("nomad") && nomad.tokenFromVault) ||
    (servers.includes("consul") && consul?.tokenFromVault);
  return [...new Set<Server>([...servers, ...(fromVault ? (["vault"] as const) : [])])];
}

/** Nothing can be rotated on a server that nobody has described. */
export function checkMinting(config: Cluster, context: z.RefinementCtx): void {
  const { rotate } = config;
  if (!rotate) return;
  for (const [index, rotation] of rotate.of.entries()) {
    const server = serverOf(rotation.kind);
    if (config[server] || isElsewhere(rotation)) continue;
    const message = `needs the section ${server}: that is where it is made`;
    context.addIssue({ code: "custom", path: ["rotate", "of", index, "kind"], message });
  }
  for (const server of ["nomad", "consul"] as const) {
    const minting = rotate[server];
    if (!minting || !("tokenFromVault" in minting) || config.vault) continue;
    const message = "needs the section vault";
    const path = ["rotate", server, "tokenFromVault"];
    context.addIssue({ code: "custom", path, message });
  }
}

/** At most one source of tokens: the one that is named here goes before the server's own. */
function withToken<Of extends Nomad | ConsulConfig>(
  { tokenSecret, tokenFromVault, ...server }: Of,
  minting: RotateConfig["nomad"],
): Of {
  return { ...server, ...(minting ?? { tokenSecret, tokenFromVault }) } as Of;
}
