import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import type { SecretsManagerStep } from "../../contracts/events/secrets-manager-step.ts";
import { holdsSomething, readHeld, wantsFirstValue } from "./held.ts";
import type { Kind } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";
import { type Rotator, visit } from "./rotator.ts";
import type { Until } from "./run.ts";

const UNTIL: Readonly<Record<SecretsManagerStep["Step"], Until>> = {
  createSecret: "mint",
  // There is nothing to set: what is minted is known to its server.
  setSecret: "mint",
  testSecret: "test",
  finishSecret: "promote",
};

/**
 * Does one of the four steps by which Secrets Manager has a secret rotated. Each may come twice. What follows
 * the last, from the consumers' reload to the end of the old one, is done by ticks.
 * @throws when the step could not be done: Secrets Manager asks again.
 */
export async function doStep(
  { Step, SecretId, ClientRequestToken }: SecretsManagerStep,
  { rotations, ports }: Rotator,
): Promise<void> {
  const rotation = rotations.find((each) => isOf(each, SecretId));
  if (!rotation) throw new Error(`SecretId: no rotation is configured for ${SecretId}`);
  const record = await ports.rotations.get(rotation.name);
  if (record?.last?.attempt === ClientRequestToken) {
    if (record.last.outcome === "rotated") return;
    throw new Error(`${rotation.name} was not rotated: ${record.last.why}`);
  }
  const attempt = record?.attempt?.id === ClientRequestToken ? record.attempt : undefined;
  // One that came before and comes again, when others have been there since.
  if (!attempt && (await isCurrent(rotation, ClientRequestToken, ports))) return;
  if (!attempt && Step === "testSecret") return tryCurrent(rotation, ports);
  if (!attempt && Step !== "createSecret") {
    throw new Error(`ClientRequestToken: ${rotation.name} has no such attempt under way`);
  }
  const mode = await ports.control.mode();
  if (!attempt && mode !== "act") throw new Error(`${rotation.name}: the mode is ${mode}`);
  if (attempt?.promotedAt && !attempt.takenBack) return;
  const until = UNTIL[Step];
  const occasion = {
    kind: "start",
    by: "secrets-manager",
    attemptId: ClientRequestToken,
    ...(until !== "promote" && { upTo: until }),
  } as const;
  const visited = await visit(rotation, occasion, ports, until);
  if (!visited.end) throw new Error(visited.why);
  const { end } = visited;
  if (end.kind !== "reached") throw new Error(`${rotation.name}: ${Step}: ${end.why}`);
}

async function isCurrent(
  { secret }: PublishedRotation,
  version: string,
  { secrets }: RotationPorts,
): Promise<boolean> {
  return (await secrets.versions(secret)).current === version;
}

/**
 * When a schedule is made and nothing is to be rotated yet, Secrets Manager asks for a test of a version of its
 * own making, which it takes away again. What can be tested then is what is current,
 * if there is anything.
 * @throws when it does not work.
 */
async function tryCurrent(rotation: PublishedRotation, ports: RotationPorts): Promise<void> {
  const { name, secret } = rotation;
  const kind = ports.kindOf(rotation) as Kind;
  const { value } = await readHeld(secret, ports.secrets);
  if (!holdsSomething(value)) {
    if (kind.beginsFromNothing) return;
    throw new Error(`${name}: ${wantsFirstValue(secret)}`);
  }
  const trial = await kind.test(value);
  if (!trial.works)
    throw new Error(`${name}: what secret ${secret} holds does not work: ${trial.why}`);
}

/** Secrets Manager names a secret by its ARN, whose last six letters are its own. */
function isOf(rotation: Rotation, arn: string): rotation is PublishedRotation {
  if (!("secret" in rotation)) return false;
  const { secret } = rotation;
  if (secret === arn) return true;
  const name = arn.split(":secret:")[1];
  return name !== undefined && name.slice(0, -7) === secret;
}
