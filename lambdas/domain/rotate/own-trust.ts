import { PortError } from "../ports/errors.ts";
import type { Issuing, Value } from "./kind.ts";
import type { Publishing } from "./step.ts";

/**
 * Finds out whether Drover itself would lose servers that it reaches now, if they got something of the new one.
 * @returns what to do about it; undefined when it would lose none.
 */
export async function ownTrustLacks(
  { attempt: { before }, rotation: { secret }, ports }: Publishing,
  issuing: Issuing,
  own: Value,
): Promise<string | undefined> {
  if (!before || ports.ownTrust.length === 0) return undefined;
  const former = await ports.secrets.value(secret, before.version);
  if (!former) {
    // Whom that had issued for, nobody could tell.
    const text = `secret ${secret}: version ${before.version}, which was current before, has gone`;
    throw new PortError("secrets-manager", "invalid", text);
  }
  const lacking = ports.ownTrust.filter((each) => issuing.cutsOff(own, former, each));
  if (lacking.length === 0) return undefined;
  const fields = lacking.map(({ field }) => field).join(", ");
  return (
    `Drover itself trusts the former CA by ${fields}, and not the new one: add the new CA, ` +
    `which is in secret ${secret}, to that file beside the former one, and deploy`
  );
}
