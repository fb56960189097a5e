import type { IntroductionParameter } from "../../contracts/introduction.ts";
import { revokeVault } from "../leave/revoke-vault.ts";
import { nodeName } from "../node-name.ts";
import type { Pass } from "../pass.ts";
import { PortError } from "../ports/errors.ts";
import type { Introductions } from "../ports/introductions.ts";
import { again, next, type Step, type StepResult } from "../step.ts";
import { makeIntroduction } from "./make-introduction.ts";
import { missing } from "./missing.ts";

/**
 * Gives the instance what its agents need to be let in, once. Until it is whole it is not there at
 * all, since it is one parameter; and each part is found again, or destroyed, before it is made anew.
 */
export const introduce: Step = {
  name: "introduce",
  async run(pass) {
    const { introductions } = pass.ports;
    if (!introductions || pass.joining.introduced || pass.isInService) return next;
    const name = await nodeName(pass);
    if (!name) return missing(pass, "EC2 does not tell the instance's host name yet");
    const waits = await untilItsTurn(pass, introductions);
    if (waits) return waits;
    const done = await pass.act("handed it its introduction", () =>
      handOver(pass, introductions, name),
    );
    if (done === "held back") return next;
    if (done === "found") pass.saw("it has an introduction already, which is kept");
    pass.record = { ...pass.record, nodeName: name };
    pass.join({ introduced: { at: pass.now }, making: undefined });
    return next;
  },
};

// Before anything is made for it: what can't be written has to be made again.
async function untilItsTurn(
  pass: Pass,
  introductions: Introductions,
): Promise<StepResult | undefined> {
  if (pass.mode !== "act" || pass.pastDeadline) return undefined;
  const turnAt = pass.joining.turnAt ?? (await introductions.turn());
  pass.join({ turnAt });
  const seconds = (turnAt.getTime() - pass.now.getTime()) / 1_000;
  if (seconds <= 0) return undefined;
  return again(seconds, "many instances are introduced, and it has to wait for its turn");
}

async function handOver(
  pass: Pass,
  introductions: Introductions,
  name: string,
): Promise<"found" | "done"> {
  const { instanceId, joining, record } = pass;
  // An attempt that failed or died may have come further than the record says. One of an earlier
  // launch, out of the same warm pool, is no introduction any more: it has been used.
  const isAfterFailure = joining.making || record.lease?.tookOver;
  if (isAfterFailure) {
    pass.join({ making: true });
    if (await introductions.has(instanceId)) return "found";
  }
  if (isAfterFailure || record.vaultTokenAccessor) await revokeVault(pass);
  try {
    await introductions.prepare(instanceId);
    const { introduction, undo } = await makeIntroduction(pass, name);
    await introductions.put(instanceId, introduction).catch(async (error: unknown) => {
      if (isRefused(error)) await undo();
      throw error;
    });
    pass.saw(`its introduction holds ${contents(introduction)}`);
    return "done";
  } catch (error) {
    // Somebody else writes parameters, too: then it takes another turn.
    if (error instanceof PortError && error.kind === "throttled") pass.join({ turnAt: undefined });
    throw error;
  }
}

// Silence may mean that it was written: the next attempt looks.
function isRefused(error: unknown): boolean {
  return error instanceof PortError && error.kind !== "unavailable";
}

function contents({ nomadIntroductionToken, consulToken, vault }: IntroductionParameter): string {
  const parts = [
    nomadIntroductionToken && "an introduction token of Nomad's",
    consulToken && "a Consul token with its identity",
    vault && "a wrapped secret id of Vault's",
  ];
  return parts.filter(Boolean).join(", ") || "its name alone";
}
