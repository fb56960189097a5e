import { foreignAccount, foreignGroup, PAUSED } from "../belonging.ts";
import { isLeftOver, isOnlyTo } from "../choice/reasons.ts";
import { finish, type Step } from "../step.ts";
import { isLeaving } from "./is-leaving.ts";

/** Is it ours, is it over? Decides by what Auto Scaling and EC2 say now, not by the event. */
export const isOurs: Step = {
  name: "is it ours",
  async run(pass) {
    const { intents, group } = pass.record;
    const foreign = foreignAccount(pass) ?? (group && foreignGroup(pass, group));
    if (foreign) return finish("not-ours", foreign);
    if (intents.every(({ notATermination }) => notATermination)) {
      const why = `${intents[0]?.notATermination}; the hook is left to whoever looks after that`;
      return finish("not-a-termination", why);
    }
    if (isOnlyTo("ignore", pass) && !isLeftOver(pass)) {
      return finish("ignored", `${intents[0]?.found}: the group's policy is to ignore that`);
    }
    if (pass.mode === "pause") return PAUSED;
    return isLeaving(pass);
  },
};
