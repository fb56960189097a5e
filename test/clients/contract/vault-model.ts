import { VirtualClock } from "../../../local/clock.ts";
import { NODE_ROLE, setUpForDrover } from "../../../local/vault/drover-setup.ts";
import { startVaultFace } from "../../../local/vault/face/server.ts";
import { VaultModel } from "../../../local/vault/model.ts";
import { setUpForRotation } from "../../../local/vault/rotation-setup.ts";
import { newJwtKeys } from "./vault-jwt.ts";
import { EVERYTHING, NOTHING, type VaultServer } from "./vault-server.ts";

/** The model behind its HTTP face. */
export async function startModelVault(): Promise<VaultServer> {
  // JWTs are made with the machine's time.
  const clock = new VirtualClock(new Date());
  const model = new VaultModel(clock);
  const { credentials: drover } = setUpForDrover(model);
  const rotate = setUpForRotation(model);
  const jwtKeys = newJwtKeys();
  const jwtRole = { boundAudiences: ["vault"], policies: ["drover"], tokenTtlSeconds: 1_200 };
  model.enableJwt({ publicKeys: [jwtKeys.publicKey], roles: { drover: jwtRole } });
  const face = await startVaultFace(model);

  function addUser(name: string, policy: string) {
    model.putPolicy(name, policy);
    const roleId = model.addAppRole(name, { policies: [name], tokenTtlSeconds: 1_200 });
    const { secretId } = model.addSecretId(name);
    return { roleId, secretId };
  }

  return {
    address: face.address,
    rootToken: model.rootToken,
    users: {
      drover,
      everything: addUser("everything", EVERYTHING),
      nothing: addUser("nothing", NOTHING),
      rotate,
    },
    jwtKeys,
    async makeShortSecretId(instanceId) {
      const metadata = { instance_id: instanceId };
      model.addSecretId(NODE_ROLE, { metadata, numUses: 1, ttlSeconds: 1 });
    },
    addTokenRole: async (name, role) => model.addTokenRole(name, role),
    async removeTokenRole(name) {
      model.tokenRoles.delete(name);
    },
    async addAppRole(name, secretIdNumUses) {
      model.addAppRole(name, { policies: [], secretIdNumUses });
    },
    async addCertificateRole(name, role) {
      model.pkis.get("pki")?.addRole(name, role);
    },
    async addIssuer() {
      model.pkis.get("pki")?.issuers.addRoot();
    },
    async mountPki(mount) {
      const { issuers } = model.mountPki(mount);
      const [root] = issuers.all;
      if (root) issuers.remove(root);
    },
    async revokeFormerIssuers() {
      const issuers = model.pkis.get("pki")?.issuers;
      for (const issuer of issuers?.all ?? []) {
        if (issuer.id !== issuers?.defaultId) issuer.revokedAt = clock.now();
      }
    },
    clock,
    wait: (seconds) => clock.advance(seconds),
    throttle: async () => model.faults.set("throttled"),
    endThrottling: async () => model.faults.clear(),
    async seal() {
      model.isSealed = true;
    },
    stop: () => face.close(),
  };
}
