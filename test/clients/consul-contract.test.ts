import { consulContract } from "./contract/consul-contract.ts";
import { startModelConsul } from "./contract/consul-model-cluster.ts";
import { startOwnConsul } from "./contract/consul-real-cluster.ts";

const { CONSUL_BIN } = process.env;

consulContract("the model's HTTP face", startModelConsul);

// `npm run test:e2e` always runs it against a real one.
if (CONSUL_BIN) consulContract(`a real Consul (${CONSUL_BIN})`, () => startOwnConsul(CONSUL_BIN));
