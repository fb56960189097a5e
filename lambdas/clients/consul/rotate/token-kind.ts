import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { AttemptId } from "../../../contracts/rotation-item.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind, Value } from "../../../domain/rotate/kind.ts";
import { standingOf } from "../../acl-token-standing.ts";
import type { ApiCall } from "../../http/api-http.ts";
import { tokenOf } from "../../http/token-field.ts";
import { tryOut } from "../../http/try-out.ts";
import type { ConsulSession } from "../consul-session.ts";
import { isFiltered } from "../hidden.ts";
import { readToken, TOKEN_PATH } from "../read-token.ts";
import { OWN_TOKEN_PATH } from "../status-table.ts";
import { readOwnToken } from "./own-token.ts";
import { grantsOf, TokenReading } from "./token-reading.ts";

export interface ConsulTokenOptions {
  readonly session: ConsulSession;
  readonly rotation: Extract<Rotation, { kind: "consul-token" }>;
  /** Drover's own name: others may rotate theirs on the same servers. */
  readonly deployment: string;
}

const Listed = z.array(z.object({ AccessorID: z.string(), Description: z.string().nullish() }));

/**
 * Consul's ACL tokens. Accessor and secret are chosen here, so that each token is stored before it exists. What
 * a new one may do is copied from the one that is current.
 */
export function consulTokenKind({ session, rotation, deployment }: ConsulTokenOptions): Kind {
  const { http } = session;
  const { ttlSeconds, testPath } = rotation;
  const descriptionFor = (attempt: AttemptId | "") =>
    `drover ${deployment} ${rotation.name} ${attempt}`;

  async function grantsLike(before: Value): Promise<object> {
    const current = await readOwnToken(session, before);
    if (current) return grantsOf(current);
    const text =
      "Consul does not know the token that the secret holds, and what it may do is copied";
    throw new PortError("consul", "invalid", `${text}: put one into it that lives`);
  }

  /** @returns why none was made: it is there already, or it can't be. */
  async function create(body: object, secret: string): Promise<PortError | undefined> {
    const secrets = [secret];
    const call: ApiCall = { method: "PUT", path: TOKEN_PATH, body, secrets, repeatable: true };
    try {
      await http.send(call);
      return undefined;
    } catch (error) {
      if (error instanceof PortError && error.kind === "invalid") return error;
      throw error;
    }
  }

  async function readingWith(token: string): Promise<string | undefined> {
    if (!testPath) return undefined;
    const answer = await session.as(token).send({ method: "GET", path: testPath });
    if (!answer) return `GET ${testPath}: there is nothing: correct testPath`;
    return isFiltered(answer)
      ? `GET ${testPath}: Consul keeps some of it back from the token`
      : undefined;
  }

  return {
    isRenewed: false,

    choose: async () => ({ token: randomUUID(), accessor: randomUUID() }),

    // One that is there already, with this accessor and this secret, was made by the same attempt.
    async mint(attempt, before, chosen = {}) {
      const token = tokenOf(chosen, "consul");
      const { accessor } = chosen;
      const grants = await grantsLike(before);
      const body = {
        AccessorID: accessor,
        SecretID: token,
        Description: descriptionFor(attempt),
        ...grants,
        ...(ttlSeconds !== undefined && { ExpirationTTL: `${ttlSeconds}s` }),
      };
      const refusal = await create(body, token);
      const made = await readOwnToken(session, chosen);
      if (made && made.AccessorID === accessor) return { ...standingOf(made), value: chosen };
      const text = `PUT ${TOKEN_PATH}: the server that answers does not know the new token yet`;
      throw refusal ?? new PortError("consul", "unavailable", text);
    },

    async madeFor(attempt) {
      const path = "/v1/acl/tokens";
      const all = (await http.read({ method: "GET", path }, Listed))?.value ?? [];
      const start = descriptionFor(attempt ?? "");
      return all
        .filter(({ Description }) => Description?.startsWith(start))
        .map(({ AccessorID }) => AccessorID);
    },

    async identify(value) {
      const found = await readOwnToken(session, value);
      return found && standingOf(found);
    },

    async lookUp(accessor) {
      const found = await readToken(http, accessor, TokenReading);
      return found && standingOf(found);
    },

    async test(value) {
      const token = tokenOf(value, "consul");
      return tryOut(async () => {
        if (await readOwnToken(session, value)) return readingWith(token);
        return `GET ${OWN_TOKEN_PATH}: Consul does not know it`;
      });
    },

    async revoke(accessor) {
      const path = `${TOKEN_PATH}/${accessor}`;
      await http.send({ method: "DELETE", path, repeatable: true });
    },
  };
}
