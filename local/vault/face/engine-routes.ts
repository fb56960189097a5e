import { type Call, Refusal, type Reply } from "./call.ts";

/** Another token of the system behind a secrets engine, leased by the caller's own token. */
export function issueCredentials({ model, token, params: [mount = "", role = ""] }: Call): Reply {
  const engine = model.engines.get(mount);
  if (!engine) {
    const path = `${mount}/creds/${role}`;
    throw new Refusal(404, `no handler for route "${path}". route entry not found.`);
  }
  const issued = engine.issue(role);
  if (!issued) throw new Refusal(400, `role "${role}" not found`);
  if (token) model.tokens.lease(token, engine.ttlSeconds, () => issued.revoke());
  return {
    data: issued.data,
    leaseId: `${mount}/creds/${role}/${model.newId()}`,
    leaseSeconds: engine.ttlSeconds,
  };
}
