import { afterAll, beforeAll, describe } from "vitest";
import { vaultAccessContract } from "./vault-access-contract.ts";
import { vaultBarrierContract } from "./vault-barrier-contract.ts";
import { vaultCaRotationContract } from "./vault-ca-contract.ts";
import { vaultCaTroubleContract } from "./vault-ca-trouble-contract.ts";
import { vaultCertificateRotationContract } from "./vault-certificate-contract.ts";
import { vaultIntroductionContract } from "./vault-introduction-contract.ts";
import { vaultOwnSecretIdContract } from "./vault-own-secret-id-contract.ts";
import { vaultSecretIdRotationContract } from "./vault-secret-id-contract.ts";
import type { VaultServer } from "./vault-server.ts";
import { vaultTokenRotationContract } from "./vault-token-contract.ts";
import { vaultTokenLifeContract } from "./vault-token-life-contract.ts";
import { vaultTokenTestContract } from "./vault-token-test-contract.ts";
import { vaultWrappedSecretContract } from "./vault-wrapped-secret-contract.ts";
import { vaultWrappingContract } from "./vault-wrapping-contract.ts";

/**
 * What Drover relies on in Vault and OpenBao, as tests that a real OpenBao and the model both have to
 * pass. All go through Drover's own client over HTTP, or make the calls a new node makes.
 */
export function vaultContract(name: string, setup: () => Promise<VaultServer>): void {
  describe(`Vault contract: ${name}`, () => {
    let server: VaultServer;
    beforeAll(async () => {
      server = await setup();
    }, 60_000);
    afterAll(() => server?.stop(), 30_000);

    vaultIntroductionContract(() => server);
    vaultWrappingContract(() => server);
    vaultWrappedSecretContract(() => server);
    vaultTokenRotationContract(() => server);
    vaultTokenLifeContract(() => server);
    vaultTokenTestContract(() => server);
    vaultSecretIdRotationContract(() => server);
    vaultOwnSecretIdContract(() => server);
    vaultCertificateRotationContract(() => server);
    vaultCaRotationContract(() => server);
    vaultCaTroubleContract(() => server);
    vaultBarrierContract(() => server);
    // The last one: it seals the server.
    vaultAccessContract(() => server);
  });
}
