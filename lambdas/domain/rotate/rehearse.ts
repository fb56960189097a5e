import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import type { KeptKey, Kind } from "./kind.ts";
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
  const { current } = await ports.secrets.versions(secret);
  const value = current && (await ports.secrets.value(secret, current));
  if (!value) return pass.saw(`secret ${secret} holds nothing: put the first value into it`);
  const standing = await kind.identify(value);
  pass.saw(
    standing
      ? `version ${current} of secret ${secret} is ${standing.accessor}, which lives`
      : `what secret ${secret} holds is dead`,
  );
  const trial = await kind.test(value);
  pass.saw(trial.works ? "it works" : `it does not work: ${trial.why}`);
  pass.would(`made a new one, tested it and made it current in secret ${secret}`);
  for (const { name } of ports.mirrorsOf(rotation)) pass.would(`written it to ${name}`);
  for (const consumers of ports.consumersOf(rotation)) {
    const members = await consumers.members();
    const names = members.join(", ") || "no machine, for none is in service";
    pass.would(`had ${consumers.what} on ${names}`);
  }
  if (kind.issuing) {
    const names = ports.issuedBy(rotation).map(({ name }) => name);
    const when = names.length > 0 ? `when ${names.join(", ")} is rotated` : "after verifySeconds";
    pass.would(`had it issue ${when}`);
  }
  pass.would(`revoked ${standing?.accessor ?? "nothing"} ${graceSeconds} s after that`);
}
