import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { AttemptId } from "../../../contracts/rotation-item.ts";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind, Standing, Value } from "../../../domain/rotate/kind.ts";
import { standingOf } from "../../acl-token-standing.ts";
import { tokenOf } from "../../http/token-field.ts";
import { tryOut } from "../../http/try-out.ts";
import type { NomadSession } from "../nomad-session.ts";
import { OWN_TOKEN_PATH } from "../status-table.ts";
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

  /** What a token says of itself; undefined when it is dead. */
  async function ofItself(token: string): Promise<TokenReading | undefined> {
    const call = { method: "GET", path: OWN_TOKEN_PATH } as const;
    return (await session.as(token).read(call, TokenReading))?.value;
  }

  async function grantsLike(before: Value): Promise<object> {
    const current = await ofItself(secretOf(before));
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
      const found = await ofItself(secretOf(value));
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
        if (await ofItself(token)) return readingWith(token);
        return `GET ${OWN_TOKEN_PATH}: Nomad does not know it`;
      });
    },

    async revoke(accessor) {
      const path = `${TOKEN_PATH}/${accessor}`;
      await http.send({ method: "DELETE", path, repeatable: true });
    },
  };
}

/** What is no UUID, Nomad takes for the JWT of a workload, and it fails to read it. */
function secretOf(value: Value): string {
  const token = tokenOf(value, "nomad");
  if (z.guid().safeParse(token).success) return token;
  const text = "what the secret has in its field token is no ACL token's secret id";
  throw new PortError("nomad", "invalid", `${text}: put that into it`);
}
