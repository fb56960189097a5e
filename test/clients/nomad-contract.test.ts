import { startModelCluster } from "./contract/model-cluster.ts";
import { nomadContract } from "./contract/nomad-contract.ts";
import { startOwnCluster, useCluster } from "./contract/real-cluster.ts";

const { NOMAD_BIN, NOMAD_ADDR, NOMAD_TOKEN } = process.env;

nomadContract("the model's HTTP face", startModelCluster);

if (NOMAD_BIN) {
  nomadContract(`a real Nomad (${NOMAD_BIN})`, () => startOwnCluster(NOMAD_BIN));
} else if (NOMAD_ADDR && NOMAD_TOKEN && isHere(NOMAD_ADDR)) {
  nomadContract(`a real Nomad (${NOMAD_ADDR})`, () => useCluster(NOMAD_ADDR, NOMAD_TOKEN));
} else {
  const why =
    NOMAD_ADDR && NOMAD_TOKEN
      ? `NOMAD_ADDR (${NOMAD_ADDR}) is not on this machine, and the suite drains nodes`
      : "neither NOMAD_BIN nor NOMAD_ADDR with NOMAD_TOKEN is set";
  console.warn(`\n*** THE CONTRACT WAS NOT CHECKED AGAINST A REAL NOMAD: ${why}\n`);
}

/** The suite drains and purges nodes: never somebody's cluster because a variable was left set. */
function isHere(address: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(address).hostname);
}
