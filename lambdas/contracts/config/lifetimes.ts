import type * as z from "zod";
import type { Group } from "./group.ts";
import type { IntroductionConfig } from "./introduction.ts";

interface Timed {
  readonly introduction?: IntroductionConfig | undefined;
  readonly groups: readonly Pick<Group, "join">[];
}

/** What an instance is given has to last for as long as Drover waits for the instance. */
export function checkLifetimes({ introduction, groups }: Timed, context: z.RefinementCtx): void {
  if (!introduction) return;
  const lifetimes = Object.entries({
    "introduction.vault.ttlSeconds": introduction.vault?.ttlSeconds,
    "introduction.nomad.ttlSeconds": introduction.nomad ? introduction.nomad.ttlSeconds : undefined,
    "introduction.expiresAfterSeconds": introduction.expiresAfterSeconds,
  });
  for (const [index, { join }] of groups.entries()) {
    for (const [field, seconds] of lifetimes) {
      if (seconds === undefined || join.timeoutSeconds <= seconds) continue;
      context.addIssue({
        code: "custom",
        path: ["groups", index, "join", "timeoutSeconds"],
        message:
          `is longer than ${field} (${seconds}): what an instance is given would run out while ` +
          "Drover waits for it. Raise that, or lower this",
      });
    }
  }
}
