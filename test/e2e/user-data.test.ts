import { startOpenBao } from "../clients/contract/vault-openbao.ts";
import { userDataContract } from "../infra/user-data-contract.ts";
import { readSettings } from "./settings.ts";

const { openBaoBin } = readSettings();

userDataContract("a real OpenBao", () => startOpenBao(openBaoBin));
