import { InstanceId } from "../../contracts/ids.ts";
import { foreignAccount, foreignGroup, PAUSED } from "../belonging.ts";
import type { Pass } from "../pass.ts";
import { finish, next, type Step, type StepResult } from "../step.ts";

/** Is it ours, and in service? Whatever comes or goes is looked after by others. */
export const isInService: Step = {
  name: "is it in service",
  async run(pass) {
    const foreign = foreignAccount(pass);
    if (foreign) return finish("not-ours", foreign);
    if (!isInstance(pass)) {
      return finish("not-ours", "it is outside Auto Scaling, and nobody would replace it");
    }
    return pass.mode === "pause" ? PAUSED : locate(pass);
  },
};

function isInstance({ record }: Pass): boolean {
  return record.nodeId.startsWith("i-") && InstanceId.safeParse(record.nodeId).success;
}

async function locate(pass: Pass): Promise<StepResult> {
  const member = await pass.ports.autoScaling.instance(pass.instanceId);
  if (!member) return finish("not-in-service", "no Auto Scaling group has it");
  const foreign = foreignGroup(pass, member.group);
  if (foreign) return finish("not-ours", foreign);
  if (pass.record.group !== member.group) pass.record = { ...pass.record, group: member.group };
  if (member.lifecycleState === "InService") return next;
  const why = `its group says ${member.lifecycleState}: others look after it`;
  return finish("not-in-service", why);
}
