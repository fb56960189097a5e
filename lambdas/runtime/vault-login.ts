import { appRoleIn } from "../clients/aws/login-secrets.ts";
import { createSecret, tokenIn } from "../clients/aws/secrets.ts";
import { appRoleLogin } from "../clients/vault/app-role-login.ts";
import { awsLogin } from "../clients/vault/aws-login.ts";
import { jwtLogin } from "../clients/vault/jwt-login.ts";
import type { LoginMethod } from "../clients/vault/login-method.ts";
import type { VaultLogin } from "../contracts/config/server.ts";
import type { Wiring } from "./wiring.ts";

/** The configured way to log in to Vault. What it needs is fetched when it is used. */
export function vaultLogin(login: VaultLogin, wiring: Wiring): LoginMethod {
  const { secrets, clock, config } = wiring;
  switch (login.method) {
    case "aws": {
      const { mount, role, serverId, stsRegion = config.region } = login;
      return awsLogin({
        mount,
        role,
        ...(serverId && { serverId }),
        stsRegion,
        // Those of the function's own role, as every SDK client finds them.
        credentials: () => secrets.config.credentials(),
        clock,
      });
    }
    case "jwt": {
      const { mount, role, jwtSecret } = login;
      const secret = createSecret(secrets, jwtSecret, clock);
      return jwtLogin({
        mount,
        role,
        jwt: async () => tokenIn(await secret.text(), jwtSecret),
        freshJwt: async () => tokenIn(await secret.refresh(), jwtSecret),
      });
    }
    case "approle": {
      const { mount, secret: id } = login;
      const secret = createSecret(secrets, id, clock);
      return appRoleLogin({
        mount,
        credentials: async () => appRoleIn(await secret.text(), id),
        freshCredentials: async () => appRoleIn(await secret.refresh(), id),
      });
    }
  }
}
