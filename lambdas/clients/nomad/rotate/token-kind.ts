import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { AttemptId } from "../../../contracts/rotation-item.ts";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind, Standing, Value } from "../../../domain/rotate/kind.ts";
import { standingOf } from "../../acl-token-standing.ts";
import { tryOut } from "../../http/try-out.ts";
import type { NomadSession } from "../nomad-session.ts";
import { OWN_TOKEN_PATH } from "../status-table.ts";
import { readOwnToken, secretOf } from "./own-token.ts";
import { grantsOf, TokenReading } from "./token-reading.ts";

export interface NomadTokenOptions {
  readonly session: NomadSession;
  readonly rotation: Extract<Rotation, { kind: "nomad-token" }>;
  /** Drover's own name: others may rotate theirs on the same servers. */
  readonly deployment: string;
  readonly clock: Clock;
}

const TOKEN_PATH = "/v1/acl/token";
const Listed = z.array(z.object({ AccessorID: z.string(), Name: z.string() }));

/** Nomad's ACL tokens. What a new one may do is copied from the one that is current. */
export function nomadTokenKind({ session, rotation, deployment, clock }: NomadTokenOptions): Kind {
  const { http } = session;
  const { ttlSeconds, testPath } = rotation;
  const nameFor = (attempt: AttemptId | "") => `drover ${deployment} ${rotation.name} ${attempt}`;

  async function grantsLike(before: Value): Promise<object> {
    const current = await readOwnToken(session, before);
    if (current) return grantsOf(current);
    const text =
      "Nomad does not know the token that the secret holds, and what it may do is copied";
    throw new PortError("nomad", "invalid", `${text}: put one into it that lives`);
  }

  async function readingWith(token: string): Promise<string | undefined> {
    if (!testPath) return undefined;
    const answer = await session.as(token).send({ method: "GET", path: testPath });
    return answer ? undefined : `GET ${testPath}: there is nothing: correct testPath`;
  }

  /** Nomad keeps those that have run out for a while, and tells of them as if they lived. */
  function living(standing: Standing): Standing | undefined {
    const { expiresAt } = standing;
    return expiresAt && expiresAt <= clock.now() ? undefined : standing;
  }

  return {
    isRenewed: false,

    // Each time makes another one: it is not tried again.
    async mint(attempt, before) {
      const grants = await grantsLike(before);
      const body = {
        Name: nameFor(attempt),
        ...grants,
        ...(ttlSeconds !== undefined && { ExpirationTTL: `${ttlSeconds}s` }),
      };
      const found = await http.read({ method: "POST", path: TOKEN_PATH, body }, TokenReading);
      if (!found) throw new PortError("nomad", "invalid", `POST ${TOKEN_PATH}: none was made`);
      const { SecretID: token, AccessorID: accessor } = found.value;
      return { ...standingOf(found.value), value: { token, accessor } };
    },

    async madeFor(attempt) {
      const path = "/v1/acl/tokens";
      const all = (await http.read({ method: "GET", path }, Listed))?.value ?? [];
      const start = nameFor(attempt ?? "");
      return all.filter(({ Name }) => Name.startsWith(start)).map(({ AccessorID }) => AccessorID);
    },

    async identify(value) {
      const found = await readOwnToken(session, value);
      return found && standingOf(found);
    },

    async lookUp(accessor) {
      const call = { method: "GET", path: `${TOKEN_PATH}/${accessor}` } as const;
      const found = await http.read(call, TokenReading);
      return found && living(standingOf(found.value));
    },

    async test(value) {
      const token = secretOf(value);
      return tryOut(async () => {
        if (await readOwnToken(session, value)) return readingWith(token);
        return `GET ${OWN_TOKEN_PATH}: Nomad does not know it`;
      });
    },

    async revoke(accessor) {
      const path = `${TOKEN_PATH}/${accessor}`;
      await http.send({ method: "DELETE", path, repeatable: true });
    },
  };
}
