import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeTransport } from "../../../lambdas/clients/http/node-transport.ts";
import { ClientAgents } from "../../../local/consul-agents/client-agents.ts";
import type { MachineServers } from "../../../local/machines/machines.ts";
import { vaultOverHttp } from "../../../local/machines/vault-over-http.ts";
import { readSettings } from "../settings.ts";
import { instanceParameters } from "./instance-parameters.ts";

/**
 * What the instances' programs talk to: MiniStack, OpenBao, and Consul by an agent process each.
 * @param mayRead whether the instances' role may read parameters by now.
 */
export async function realMachines(
  mayRead: () => boolean,
): Promise<Omit<MachineServers, "nomad"> & { stop(): Promise<void> }> {
  const { consul, consulBin, openBao } = readSettings();
  const agents = new ClientAgents({
    bin: consulBin,
    folder: await mkdtemp(join(tmpdir(), "drover-agents-")),
    serfAddress: consul.serfAddress,
  });
  const transport = createNodeTransport({
    address: openBao.address,
    requestTimeoutSeconds: 10,
    maxSockets: 5,
  });
  return {
    consul: {
      start: ({ name, meta, token }) => agents.start({ name, meta, ...(token && { token }) }),
      stop: (name) => agents.kill(name),
      resume: (name) => agents.resume(name),
      setCheck: (name, check) => agents.setCheck(name, check),
    },
    vault: vaultOverHttp(transport),
    parameters: (id) => instanceParameters(id, mayRead),
    async stop() {
      await agents.killAll();
      transport.close();
    },
  };
}
