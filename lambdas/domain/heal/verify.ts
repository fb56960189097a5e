import { again, next, type Step } from "../step.ts";

/** After a restart: gives the agents their time to come back. Whether they have, each diagnosis says. */
export const verify: Step = {
  name: "verify",
  async run(pass) {
    const { restart, condition } = pass.healing;
    if (!restart?.endedAt || restart.result === "undeliverable") return next;
    // One of an earlier time says nothing about this condition.
    if (condition && restart.endedAt < condition.since) return next;
    const { verifySeconds, pollSeconds } = pass.policies.heal;
    const left = verifySeconds - (pass.now.getTime() - restart.endedAt.getTime()) / 1_000;
    if (left <= 0) return next;
    return again(
      Math.min(left, pollSeconds),
      "its agents have this time to come back after a restart",
    );
  },
};
