import { KEYRING_CALLS } from "../gossip/keyring.ts";
import { openApi } from "../http/api-client.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { CONSUL, CONSUL_FOR_OTHERS } from "./consul-api.ts";
import type { ConsulOptions } from "./create-consul.ts";

/** Calls to Consul with Drover's token, and with others'. */
export interface ConsulSession {
  readonly http: ApiHttp;
  /** Calls that every member of the cluster has to answer. */
  readonly forKeyring: ApiHttp;
  /** Calls with another token. A 403 is not tried again. */
  as(token: string): ApiHttp;
  close(): void;
}

export function createConsulSession(options: ConsulOptions): ConsulSession {
  const { datacenter, refreshToken: _own, ...others } = options;
  const every = { ...(datacenter && { query: { dc: datacenter } }) };
  const { http, transport, close } = openApi(CONSUL, options, every);
  return {
    http,
    forKeyring: openApi(CONSUL, { ...options, ...KEYRING_CALLS, transport }, every).http,
    as: (token) =>
      openApi(CONSUL_FOR_OTHERS, { ...others, transport, token: async () => token }, every).http,
    close,
  };
}
