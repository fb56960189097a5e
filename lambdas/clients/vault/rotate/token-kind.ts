import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind, Value } from "../../../domain/rotate/kind.ts";
import { tryOut } from "../../http/try-out.ts";
import type { VaultSession } from "../vault-session.ts";
import { type Maker, metadataFor } from "./made-for.ts";
import { standingOf, TokenReading } from "./token-reading.ts";
import { readDefect } from "./token-role.ts";
import { lookUpToken, revokeToken, tokensMadeFor } from "./tokens-by-accessor.ts";

export interface VaultTokenOptions {
  readonly session: VaultSession;
  readonly rotation: Extract<Rotation, { kind: "vault-token" }>;
  /** Drover's own name. */
  readonly deployment: string;
  readonly clock: Clock;
}

const MintReading = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    accessor: z.string(),
    lease_duration: z.number(),
  }),
});

const LOOKUP_SELF = { method: "GET", path: "/v1/auth/token/lookup-self" } as const;

/**
 * Periodic service tokens that an orphan token role makes.
 *
 * Whether a token lives is asked with Drover's own login, by `auth/token/lookup` and `lookup-accessor`: "bad
 * token" and "invalid accessor" are said of dead ones alone. `lookup-self` with the token itself is no proof:
 * OpenBao has the same 403 "permission denied" for a dead token, for one that is bound to addresses Drover
 * does not have, and for one whose entity is disabled (`fetchACLTokenEntryAndEntity` in
 * internal/vault/request_handling.go).
 */
export function vaultTokenKind(options: VaultTokenOptions): Kind {
  const { session, rotation, deployment, clock } = options;
  const { http } = session;
  const { role, policies = [], testPath } = rotation;
  const maker: Maker = { deployment, rotation: rotation.name };

  async function workingWith(token: string): Promise<string | undefined> {
    if (!testPath) return undefined;
    const path = `/v1/${testPath}`;
    const answer = await session.as(token).send({ method: "GET", path });
    return answer ? undefined : `GET ${path}: there is nothing: correct testPath`;
  }

  return {
    beginsFromNothing: true,
    isRenewed: true,

    // Each time makes another one: it is not tried again.
    async mint(attempt) {
      const askedAt = clock.now();
      const path = `/v1/auth/token/create/${role}`;
      const meta = metadataFor(maker, attempt);
      const body = { meta, ...(policies.length > 0 && { policies }) };
      const found = await http.read({ method: "POST", path, body }, MintReading);
      if (!found) throw new PortError("vault", "invalid", `POST ${path}: there is no such role`);
      const { client_token: token, accessor, lease_duration } = found.value.auth;
      return {
        value: { token, accessor },
        accessor,
        createdAt: askedAt,
        ...(lease_duration > 0 && {
          expiresAt: new Date(askedAt.getTime() + lease_duration * 1_000),
          lifeSeconds: lease_duration,
        }),
      };
    },

    madeFor: (attempt) => tokensMadeFor(session, maker, attempt),

    async identify(value) {
      const token = tokenOf(value);
      const path = "/v1/auth/token/lookup";
      const body = { token };
      const call = { method: "POST", path, body, repeatable: true, secrets: [token] } as const;
      const found = await http.read(call, TokenReading);
      return found && standingOf(found.value.data);
    },

    async lookUp(accessor) {
      const found = await lookUpToken(http, accessor);
      return found && standingOf(found);
    },

    async test(value) {
      const token = tokenOf(value);
      const defectOf = await readDefect(http, role);
      return tryOut(async () => {
        const found = await session.as(token).read(LOOKUP_SELF, TokenReading);
        if (!found) return `GET ${LOOKUP_SELF.path}: Vault does not know it`;
        return defectOf(found.value.data, policies) ?? workingWith(token);
      });
    },

    revoke: (accessor) => revokeToken(http, accessor),
  };
}

/** An empty one would be looked up as that of the caller. */
function tokenOf({ token }: Value): string {
  if (token) return token;
  throw new PortError("vault", "invalid", "the secret has no field token: put the token into it");
}
