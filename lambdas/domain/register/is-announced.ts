import { foreignAccount, PAUSED } from "../belonging.ts";
import { finish, next, type Step } from "../step.ts";

/** Is it ours, and is there a Consul to register it in? */
export const isAnnounced: Step = {
  name: "is it announced",
  async run(pass) {
    const foreign = foreignAccount(pass);
    if (foreign) return finish("not-ours", foreign);
    if (!pass.ports.consul) {
      return finish("not-ours", "no Consul is configured: add the section consul");
    }
    return pass.mode === "pause" ? PAUSED : next;
  },
};
