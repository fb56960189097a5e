import { vaultContract } from "../clients/contract/vault-contract.ts";
import { startOpenBao } from "../clients/contract/vault-openbao.ts";
import { readSettings } from "./settings.ts";

const { openBaoBin } = readSettings();

vaultContract("a real OpenBao", () => startOpenBao(openBaoBin));
