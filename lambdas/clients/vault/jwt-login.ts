import type { LoginMethod } from "./login-method.ts";

export interface JwtLoginOptions {
  /** @default "jwt" */
  readonly mount?: string;
  readonly role: string;
  readonly jwt: () => Promise<string>;
  /** The JWT as it is now, when the one before was refused. */
  readonly freshJwt?: () => Promise<string>;
}

/** The login with a JWT of an issuer that Vault trusts. */
export function jwtLogin({ mount = "jwt", role, jwt, freshJwt }: JwtLoginOptions): LoginMethod {
  const request = async (read: () => Promise<string>) => {
    const text = await read();
    return { mount, body: { role, jwt: text }, secrets: [text] };
  };
  return {
    request: () => request(jwt),
    ...(freshJwt && { freshRequest: () => request(freshJwt) }),
  };
}
