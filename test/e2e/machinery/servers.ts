import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setUpRotationOverHttp } from "../../../local/vault/rotation-setup.ts";
import { makeDroverToken, makeRotateToken } from "../../helpers/real-consul/drover-token.ts";
import { startRealConsul } from "../../helpers/real-consul.ts";
import { asOperator } from "../../helpers/real-openbao/operator.ts";
import { setUpOpenBao } from "../../helpers/real-openbao/set-up.ts";
import { startRealOpenBao } from "../../helpers/real-openbao/start.ts";
import type { Servers } from "../settings.ts";

interface Running {
  readonly servers: Servers;
  stop(): Promise<void>;
}

interface Stoppable {
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts a real Consul and a real OpenBao and sets them up for Drover as docs/ tells operators
 * to.
 * @param logs the folder for what they have written last.
 */
export async function startServers(options: {
  readonly consulBin: string;
  readonly openBaoBin: string;
  readonly logs: string;
}): Promise<Running> {
  const started: (Stoppable & { readonly name: string })[] = [];
  async function stop(): Promise<void> {
    for (const { name, log, stop } of started) {
      await writeFile(join(options.logs, `${name}.log`), log());
      await stop();
    }
  }
  try {
    const consul = await startRealConsul({ bin: options.consulBin });
    started.push({ ...consul, name: "consul" });
    const openBao = await startRealOpenBao({ bin: options.openBaoBin });
    started.push({ ...openBao, name: "openbao" });
    const { address, serfAddress, managementToken } = consul;
    const droverToken = await makeDroverToken(consul);
    const rotateToken = await makeRotateToken(consul);
    const drover = await setUpOpenBao(openBao);
    const rotate = await asOperator(openBao, setUpRotationOverHttp);
    return {
      servers: {
        consul: { address, serfAddress, managementToken, droverToken, rotateToken },
        openBao: { address: openBao.address, rootToken: openBao.rootToken, drover, rotate },
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
