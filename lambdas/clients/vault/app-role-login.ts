import type { LoginMethod } from "./login-method.ts";

export interface AppRoleCredentials {
  readonly roleId: string;
  readonly secretId: string;
}

export interface AppRoleLoginOptions {
  /** @default "approle" */
  readonly mount?: string;
  readonly credentials: () => Promise<AppRoleCredentials>;
  /** The credentials as they are now, when those before were refused. */
  readonly freshCredentials?: () => Promise<AppRoleCredentials>;
}

/** The login with a role id and a secret id, one that can be used many times. */
export function appRoleLogin(options: AppRoleLoginOptions): LoginMethod {
  const { mount = "approle", credentials, freshCredentials } = options;
  const request = async (read: () => Promise<AppRoleCredentials>) => {
    const { roleId, secretId } = await read();
    return { mount, body: { role_id: roleId, secret_id: secretId }, secrets: [secretId] };
  };
  return {
    request: () => request(credentials),
    ...(freshCredentials && { freshRequest: () => request(freshCredentials) }),
  };
}
