import type { AwsModel } from "../../local/aws/aws-model.ts";
import type { VirtualClock } from "../../local/clock.ts";

export const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
const RETRY_SECONDS = 60;
const MOST_TRIES = 10;

/** A function that is called for a secret's rotation. */
interface Called {
  readonly aws: AwsModel;
  readonly clock: VirtualClock;
  readonly call: (event: unknown) => Promise<unknown>;
}

/** Begins a rotation as Secrets Manager does. @returns a call of the function with one of its steps. */
export function beginRotation({ aws, call }: Called, secret: string) {
  const { id: ClientRequestToken } = aws.secrets.beginRotation(secret);
  const { arn: SecretId } = aws.secrets.secret(secret);
  const step = (Step: (typeof STEPS)[number]) => call({ Step, SecretId, ClientRequestToken });
  return { ClientRequestToken, step };
}

/** Has a secret rotated as Secrets Manager does: a step that fails is asked for again a minute later. */
export async function rotateBySteps(called: Called, secret: string): Promise<void> {
  const { step } = beginRotation(called, secret);
  for (const each of STEPS) {
    let failure: unknown = new Error("not tried");
    for (let tries = 0; failure !== undefined && tries < MOST_TRIES; tries++) {
      if (tries > 0) await called.clock.advance(RETRY_SECONDS);
      failure = await step(each).then(
        () => undefined,
        (error: unknown) => error,
      );
    }
    if (failure !== undefined) throw failure;
  }
}

/** The same, and a step that fails is the last: nothing is asked for any more. */
export async function rotateUntilItFails(called: Called, secret: string): Promise<void> {
  const { step } = beginRotation(called, secret);
  try {
    for (const each of STEPS) await step(each);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "Crash") throw error;
  }
}
