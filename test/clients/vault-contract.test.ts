import { vaultContract } from "./contract/vault-contract.ts";
import { startModelVault } from "./contract/vault-model.ts";
import { startOpenBao } from "./contract/vault-openbao.ts";

const { BAO_BIN } = process.env;

vaultContract("the model's HTTP face", startModelVault);

// test/e2e/openbao-contract.test.ts installs one and always checks.
if (BAO_BIN) vaultContract(`a real OpenBao (${BAO_BIN})`, () => startOpenBao(BAO_BIN));
