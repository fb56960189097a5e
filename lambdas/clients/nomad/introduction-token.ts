import * as z from "zod";
import type { Nomad } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";

export const INTRODUCTION_PATH = "/v1/acl/identity/client-introduction-token";

const Introduction = z.object({ JWT: z.string().min(1) });

/**
 * Asks for client introduction tokens. A longer time than the servers' `max_identity_ttl` is cut to
 * that without a word. Made anew by a second try they do no harm: each runs out by itself.
 */
export function createIntroductionToken(http: ApiHttp): Nomad["introductionToken"] {
  return async (nodeName, nodePool, ttlSeconds) => {
    const found = await http.read(
      {
        method: "POST",
        path: INTRODUCTION_PATH,
        body: { TTL: `${ttlSeconds}s`, NodeName: nodeName, NodePool: nodePool },
        repeatable: true,
      },
      Introduction,
    );
    return found ? { jwt: found.value.JWT } : "unsupported";
  };
}
