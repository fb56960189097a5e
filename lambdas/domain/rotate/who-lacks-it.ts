import type { Publishing } from "./step.ts";
import { tellConsumers } from "./tell-consumers.ts";
import { describe, failedOf, namesOf } from "./told.ts";

/** A machine that can't take the new one is told again after so long. */
const RETRY_SECONDS = 600;

/**
 * Tells whoever has come into service since all were told: they may have read the former one before that.
 * @returns which machines have not got the new one, and why; undefined when all have.
 */
export async function whoLacksIt(pass: Publishing): Promise<string | undefined> {
  const { silent } = await tellConsumers(pass, RETRY_SECONDS);
  const failed = failedOf(pass.attempt.told);
  const parts = [
    ...(failed.length > 0 ? [describe(failed, "can't take the new one")] : []),
    ...(silent.length > 0 ? [`waits for ${namesOf(silent)}`] : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}
