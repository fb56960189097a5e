import { KEYRING_CALLS } from "../gossip/keyring.ts";
import { openApi } from "../http/api-client.ts";
import type { ApiHttp } from "../http/api-http.ts";
import type { NomadOptions } from "./create-nomad.ts";
import { NOMAD, NOMAD_FOR_OTHERS } from "./nomad-api.ts";

/** Calls to Nomad with Drover's token, and with others'. */
export interface NomadSession {
  readonly http: ApiHttp;
  /** Calls that every server of the cluster has to answer. */
  readonly forKeyring: ApiHttp;
  /** Calls with another token. A 403 is not tried again. */
  as(token: string): ApiHttp;
  close(): void;
}

export function createNomadSession(options: NomadOptions): NomadSession {
  const { region, refreshToken: _own, ...others } = options;
  const every = { ...(region && { query: { region } }) };
  const { http, transport, close } = openApi(NOMAD, options, every);
  return {
    http,
    forKeyring: openApi(NOMAD, { ...options, ...KEYRING_CALLS, transport }, every).http,
    as: (token) =>
      openApi(NOMAD_FOR_OTHERS, { ...others, transport, token: async () => token }, every).http,
    close,
  };
}
