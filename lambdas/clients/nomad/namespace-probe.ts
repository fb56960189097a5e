import { PortError } from "../../domain/ports/errors.ts";
import type { ApiHttp } from "../http/api-http.ts";

/** A namespace nobody has: only a rule on `*` (or a glob as wide) lets a token read jobs in it. */
const PROBE_NAMESPACE = "drover-read-job-probe";
const TRUE_FOR_MILLISECONDS = 300_000;

/**
 * Whether the token may read jobs in every namespace. Nomad checks `read-job` by the rule that fits
 * the namespace's name best, whether or not the namespace exists: "job not found" means allowed,
 * 403 means not. (Asking with `namespace=*` proves nothing: that is allowed as soon as any
 * namespace is.) A rule that denies one particular namespace stays invisible to this.
 *
 * A yes is remembered for five minutes for the same token; a no is not.
 * @param now milliseconds on any clock that does not jump.
 */
export function createNamespaceProbe(
  http: ApiHttp,
  token: () => Promise<string | undefined>,
  now: () => number,
): () => Promise<boolean> {
  let yes: { token: string | undefined; until: number } | undefined;

  return async () => {
    const used = await token();
    if (yes && yes.token === used && now() < yes.until) return true;
    const allowed = await mayRead(http);
    // The token may have been refreshed on the way: then the next call asks again.
    yes = allowed ? { token: used, until: now() + TRUE_FOR_MILLISECONDS } : undefined;
    return allowed;
  };
}

async function mayRead(http: ApiHttp): Promise<boolean> {
  try {
    await http.send({
      method: "GET",
      path: "/v1/job/drover",
      query: { namespace: PROBE_NAMESPACE },
    });
    return true;
  } catch (error) {
    if (error instanceof PortError && error.kind === "denied") return false;
    throw error;
  }
}
