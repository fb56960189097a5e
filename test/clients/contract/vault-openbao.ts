import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { RealClock } from "../../../local/clock.ts";
import { NODE_ROLE } from "../../../local/vault/drover-setup.ts";
import { setUpRotationOverHttp } from "../../../local/vault/rotation-setup.ts";
import { asOperator, vaultOperator } from "../../helpers/real-openbao/operator.ts";
import { addOpenBaoUser, setUpOpenBao } from "../../helpers/real-openbao/set-up.ts";
import { startRealOpenBao } from "../../helpers/real-openbao/start.ts";
import { newJwtKeys } from "./vault-jwt.ts";
import { call, EVERYTHING, NOTHING, type VaultServer } from "./vault-server.ts";

const IssuerId = z.object({ data: z.object({ issuer_id: z.string() }) });
const Issuers = z.object({
  data: z.object({ key_info: z.record(z.string(), z.object({ is_default: z.boolean() })) }),
});

/** A real OpenBao of its own. */
export async function startOpenBao(bin: string): Promise<VaultServer> {
  const openBao = await startRealOpenBao({ bin });
  const operator = (method: "GET" | "POST" | "DELETE", path: string, body?: unknown) =>
    vaultOperator(openBao, method, path, body);
  const jwtKeys = newJwtKeys();
  const drover = await setUpOpenBao(openBao);
  await operator("POST", "sys/auth/jwt", { type: "jwt" });
  await operator("POST", "auth/jwt/config", { jwt_validation_pubkeys: [jwtKeys.publicKey] });
  await operator("POST", "auth/jwt/role/drover", {
    role_type: "jwt",
    bound_audiences: ["vault"],
    user_claim: "sub",
    token_policies: ["drover"],
    token_ttl: "20m",
  });
  return {
    address: openBao.address,
    rootToken: openBao.rootToken,
    users: {
      drover,
      everything: await addOpenBaoUser(openBao, "everything", EVERYTHING),
      nothing: await addOpenBaoUser(openBao, "nothing", NOTHING),
      rotate: await asOperator(openBao, setUpRotationOverHttp),
    },
    jwtKeys,
    async makeShortSecretId(instanceId) {
      const metadata = JSON.stringify({ instance_id: instanceId });
      const body = { metadata, num_uses: 1, ttl: "1s" };
      await operator("POST", `auth/approle/role/${NODE_ROLE}/secret-id`, body);
    },
    async addTokenRole(name, role) {
      await operator("POST", `auth/token/roles/${name}`, {
        orphan: role.isOrphan,
        token_period: role.periodSeconds,
        allowed_policies: role.allowedPolicies,
        renewable: role.isRenewable,
        token_num_uses: role.numUses,
        token_bound_cidrs: role.boundCidrs,
      });
    },
    async removeTokenRole(name) {
      await operator("DELETE", `auth/token/roles/${name}`);
    },
    async addAppRole(name, secretIdNumUses) {
      await operator("POST", `auth/approle/role/${name}`, { secret_id_num_uses: secretIdNumUses });
    },
    async addCertificateRole(name, role) {
      await operator("POST", `pki/roles/${name}`, {
        allowed_domains: role.allowedDomains,
        allow_bare_domains: true,
        allow_subdomains: true,
        allowed_uri_sans: role.allowedUriSans,
        key_type: "ec",
        max_ttl: role.maxTtlSeconds,
        no_store: role.isForgetful,
        generate_lease: role.isLeased,
      });
    },
    async addIssuer() {
      const body = { common_name: "root", key_type: "ec" };
      const made = await operator("POST", "pki/root/rotate/internal", body);
      await operator("POST", "pki/config/issuers", {
        default: IssuerId.parse(made).data.issuer_id,
      });
    },
    async mountPki(mount) {
      await operator("POST", `sys/mounts/${mount}`, { type: "pki" });
    },
    async revokeFormerIssuers() {
      const { data } = Issuers.parse(await operator("GET", "pki/issuers?list=true"));
      for (const [id, { is_default }] of Object.entries(data.key_info)) {
        if (!is_default) await operator("POST", `pki/issuer/${id}/revoke`);
      }
    },
    clock: new RealClock(),
    wait: (seconds) => pause(seconds * 1_000),
    async throttle() {
      // The first call of the interval is let through.
      const quota = { path: "auth/token", rate: 1, interval: "60s" };
      await operator("POST", "sys/quotas/rate-limit/contract", quota);
      const root = { token: openBao.rootToken, body: { accessor: "none" } };
      await call(openBao, "POST", "auth/token/lookup-accessor", root);
    },
    async endThrottling() {
      await operator("DELETE", "sys/quotas/rate-limit/contract");
    },
    async seal() {
      await operator("POST", "sys/seal");
    },
    stop: openBao.stop,
  };
}
