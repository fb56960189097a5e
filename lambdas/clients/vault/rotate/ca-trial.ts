import * as z from "zod";
import { CA_LIVES, type Rotation } from "../../../contracts/config/rotate.ts";
import type { Clock } from "../../../domain/ports/clock.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { ApiHttp } from "../../http/api-http.ts";
import { readCertificates, standingOf } from "./certificate.ts";
import type { Issuer } from "./issuers.ts";
import { leadsTo } from "./leads-to.ts";

type Wanted = Extract<Rotation, { kind: "vault-ca" }>;

const TRIAL_SECONDS = 60;
const IssueReading = z.object({
  data: z.object({ certificate: z.string().min(1), serial_number: z.string() }),
});

/** What makes a CA unfit, if anything does, as its certificate says. */
export function caDefect(
  { certificate, chain }: Issuer,
  { everySeconds }: Wanted,
): string | undefined {
  const { lifeSeconds = 0, expiresAt } = standingOf(certificate);
  if (lifeSeconds < CA_LIVES * everySeconds) {
    return (
      `it lives ${lifeSeconds} s, which is less than ${CA_LIVES} times everySeconds: ` +
      "the engine's max_lease_ttl has to be longer"
    );
  }
  const above = chain.find(({ validToDate }) => expiresAt && validToDate < expiresAt);
  if (!above) return undefined;
  const end = above.validToDate.toISOString();
  return `a CA above it ends before it does, at ${end}: give that a longer life, or this a shorter ttlSeconds`;
}

/**
 * Has a CA issue a certificate for a minute.
 * @returns why it can't, or why whoever trusts it would not take that.
 * @throws {PortError} when the engine can't be asked, or Drover may not: that shows nothing of the CA.
 */
export async function tryIssuing(
  http: ApiHttp,
  issuer: Issuer,
  wanted: Wanted,
  clock: Clock,
): Promise<string | undefined> {
  return issueOne(http, issuer, wanted, clock).catch((error: unknown) => {
    if (error instanceof PortError && error.kind === "invalid") return error.message;
    throw error;
  });
}

async function issueOne(
  http: ApiHttp,
  { id, certificate: ca }: Issuer,
  { mount, role, testName }: Wanted,
  clock: Clock,
): Promise<string | undefined> {
  const path = `/v1/${mount}/issuer/${id}/issue/${role}`;
  const body = { common_name: testName, ttl: `${TRIAL_SECONDS}s` };
  const found = (await http.read({ method: "POST", path, body }, IssueReading))?.value.data;
  if (!found) return `POST ${path}: it has gone`;
  const revoke = { path: `/v1/${mount}/revoke`, body: { serial_number: found.serial_number } };
  await http.send({ method: "POST", ...revoke, repeatable: true });
  const [leaf] = readCertificates(found.certificate);
  const isIts = leaf && leadsTo(leaf, [], [ca], clock.now());
  return isIts ? undefined : `POST ${path}: what it issues is not signed by it`;
}
