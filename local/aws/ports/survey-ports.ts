import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { createAgentSurvey } from "../../../lambdas/clients/aws/survey-agents.ts";
import { createGroupSurvey } from "../../../lambdas/clients/aws/survey-groups.ts";
import { createInstanceSurvey } from "../../../lambdas/clients/aws/survey-instances.ts";
import type { FlowTicks, SweepPorts } from "../../../lambdas/domain/sweep/ports.ts";
import type { AwsModel } from "../aws-model.ts";
import { inProcessClient } from "../http/in-process.ts";
import { asPortCall } from "./port-call.ts";

/** AWS as the sweep looks at it: the real clients over the model's own answers. */
export function modelAwsSurveys(
  model: AwsModel,
): Pick<SweepPorts, "groups" | "instances" | "agents"> {
  const options = inProcessClient(model);
  return {
    groups: createGroupSurvey(new AutoScalingClient(options)),
    instances: createInstanceSurvey(new EC2Client(options)),
    agents: createAgentSurvey(new SSMClient(options)),
  };
}

/** Ticks for queues of the model that bear the flows' names. */
export function modelFlowTicks(model: AwsModel): FlowTicks {
  return {
    resend: (flow, ticks) =>
      asPortCall(model, "sqs", "sqs:SendMessage", () => {
        const queue = model.sqs.queue(flow);
        for (const tick of ticks) queue.send(JSON.stringify(tick));
      }),
  };
}
