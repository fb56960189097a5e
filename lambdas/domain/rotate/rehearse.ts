import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import { type Held, holdsSomething, readHeld, wantsFirstValue } from "./held.ts";
import type { Issuing, KeptKey, Kind, Value } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";
import { newRecord } from "./record.ts";
import { Rotating } from "./rotating.ts";

/** Looks at all that a rotation needs, changes nothing, and writes into the journal what it would do. */
export async function rehearse(rotation: Rotation, ports: RotationPorts): Promise<void> {
  const record = await ports.rotations.get(rotation.name);
  const { name, kind } = rotation;
  const pass = new Rotating(rotation, record ?? newRecord(name, kind), ports, "observe");
  pass.begin("rehearse");
  if ("secret" in rotation) {
    await rehearsePublished(rotation, pass, ports.kindOf(rotation) as Kind);
  } else {
    const { id, createdAt } = await (ports.kindOf(rotation) as KeptKey).newest();
    pass.saw(`key ${id} is in use since ${createdAt.toISOString()}`);
    pass.would("had another key made");
  }
  if (record?.attempt)
    pass.saw(`attempt ${record.attempt.id} is under way: another one waits for it`);
  await ports.journal.write(pass.takeLines());
}

async function rehearsePublished(
  rotation: PublishedRotation,
  pass: Rotating,
  kind: Kind,
): Promise<void> {
  const { ports } = pass;
  const { secret, graceSeconds } = rotation;
  const { version, value } = await readHeld(secret, ports.secrets);
  if (!holdsSomething(value) && !kind.beginsFromNothing) {
    return pass.saw(wantsFirstValue(secret));
  }
  const former = await seeFormer(pass, kind, { secret, version, value });
  pass.would(`made a new one, tested it and made it current in secret ${secret}`);
  for (const { name } of ports.mirrorsOf(rotation)) pass.would(`written it to ${name}`);
  for (const consumers of ports.consumersOf(rotation)) {
    const members = await consumers.members();
    const names = members.join(", ") || "no machine, for none is in service";
    pass.would(`had ${consumers.what} on ${names}`);
  }
  if (kind.issuing) {
    for (const field of trustedBy(value, kind.issuing, ports)) {
      pass.saw(
        `Drover itself trusts the former CA by ${field}: where the new one is not trusted by that, it waits`,
      );
    }
    const names = ports.issuedBy(rotation).map(({ name }) => name);
    const when = names.length > 0 ? `when ${names.join(", ")} is rotated` : "after verifySeconds";
    pass.would(`had it issue ${when}`);
  }
  if (former) pass.would(`revoked ${former} ${graceSeconds} s after that`);
}

/** The fields of the configuration by which Drover itself trusts what is current. */
function trustedBy(
  value: Value | undefined,
  issuing: Issuing,
  { ownTrust }: RotationPorts,
): string[] {
  if (!value) return [];
  return ownTrust.filter(({ ca }) => issuing.isTrustedBy(value, { ca })).map(({ field }) => field);
}

/** Looks at what is current. @returns its accessor, if it lives. */
async function seeFormer(
  pass: Rotating,
  kind: Kind,
  { secret, version, value }: Held & { readonly secret: string },
): Promise<string | undefined> {
  if (!holdsSomething(value)) {
    pass.saw(`secret ${secret} holds nothing yet`);
    return undefined;
  }
  const standing = await kind.identify(value);
  pass.saw(
    standing
      ? `version ${version} of secret ${secret} is ${standing.accessor}, which lives`
      : `what secret ${secret} holds is dead`,
  );
  const trial = await kind.test(value);
  pass.saw(trial.works ? "it works" : `it does not work: ${trial.why}`);
  return standing?.accessor;
}
