import { consulContract } from "../clients/contract/consul-contract.ts";
import { startOwnConsul } from "../clients/contract/consul-real-cluster.ts";
import { readSettings } from "./settings.ts";

const { consulBin } = readSettings();

consulContract(`a real Consul (${consulBin})`, () => startOwnConsul(consulBin));
