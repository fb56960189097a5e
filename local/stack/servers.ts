import { DROVER_TOKEN } from "../consul/drover-setup.ts";
import { startConsulFace } from "../consul/face/server.ts";
import type { LocalConfig } from "../local-config.ts";
import type { ModelCluster } from "../model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../nomad/drover-setup.ts";
import { startNomadFace } from "../nomad/face/server.ts";
import type { ServerKind } from "../real-servers/real-server.ts";
import type { RealServers } from "../real-servers/real-servers.ts";
import { serverConfig, tokenServerConfig } from "../real-servers/server-config.ts";
import { NODE_ROLE, setUpForDrover } from "../vault/drover-setup.ts";
import { startVaultFace } from "../vault/face/server.ts";
import { inProcessVault } from "../vault/in-process.ts";
import type { VaultModel } from "../vault/model.ts";
import { setUpForRotation } from "../vault/rotation-setup.ts";
import type { ServerSections } from "./function-config.ts";
import type { RealSide, VaultSide } from "./real-side.ts";
import { prepareRotations } from "./rotated.ts";

const VAULT_SECRET = "drover/vault";

/** Nomad, Consul and Vault as the functions reach them: models behind their HTTP faces, or real. */
export interface Servers {
  readonly sections: ServerSections;
  readonly addresses: Readonly<Record<ServerKind, string>>;
  close(): Promise<void>;
}

/** Starts the models' faces, and puts what is secret where the functions look for it. */
export async function startServers(
  cluster: ModelCluster,
  real: RealServers,
  realSide: Pick<RealSide, "vault">,
  { rotate }: Pick<LocalConfig, "rotate">,
): Promise<Servers> {
  const { secrets } = cluster.aws;
  const faces = {
    nomad: real.nomad ? undefined : await startNomadFace(cluster.nomad),
    consul: real.consul ? undefined : await startConsulFace(cluster.consul),
    vault: real.vault ? undefined : await startVaultFace(cluster.vault),
  };
  const model = (kind: ServerKind, token?: string) => ({
    address: faces[kind]?.address ?? "",
    token,
    tls: undefined,
  });
  const nomad = real.nomad ?? model("nomad", nomadToken(cluster));
  const consul = real.consul ?? model("consul", cluster.consul.createToken(DROVER_TOKEN));
  const vault = real.vault ?? model("vault");
  const vaultSide = realSide.vault ?? setUpModel(cluster.vault, rotate);
  secrets.create(VAULT_SECRET, JSON.stringify(vaultSide.credentials));
  return {
    addresses: { nomad: nomad.address, consul: consul.address, vault: vault.address },
    sections: {
      nomad: {
        ...tokenServerConfig("nomad", nomad, secrets),
        ...(real.nomad?.region && { region: real.nomad.region }),
      },
      consul: tokenServerConfig("consul", consul, secrets),
      vault: {
        ...serverConfig("vault", vault, secrets),
        ...(real.vault?.namespace && { namespace: real.vault.namespace }),
        login: { method: "approle", secret: VAULT_SECRET },
      },
      introduction: {
        // A Consul without ACLs makes no tokens.
        consul: consul.token !== undefined,
        vault: { role: NODE_ROLE },
      },
      ...(rotate && { rotate: await prepareRotations(rotate, cluster, vaultSide) }),
    },
    async close() {
      await Promise.all(Object.values(faces).map((face) => face?.close()));
    },
  };
}

function setUpModel(vault: VaultModel, rotate: LocalConfig["rotate"]): VaultSide {
  return {
    credentials: setUpForDrover(vault).credentials,
    rotation: rotate && setUpForRotation(vault),
    operator: { transport: inProcessVault(vault), token: vault.rootToken },
  };
}

function nomadToken({ nomad }: ModelCluster): string {
  return nomad.createToken(DROVER_NOMAD_TOKEN);
}
