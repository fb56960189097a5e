import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { createAutoScaling } from "../clients/aws/auto-scaling.ts";
import { AWS_CLIENT_OPTIONS } from "../clients/aws/client-options.ts";
import { createCompute } from "../clients/aws/compute.ts";
import type { AutoScaling } from "../domain/ports/auto-scaling.ts";
import type { Compute } from "../domain/ports/compute.ts";
import type { Wiring } from "./wiring.ts";

/** The instances and their groups. */
export function connectInstances({ clock }: Wiring): {
  readonly autoScaling: AutoScaling;
  readonly compute: Compute;
} {
  return {
    autoScaling: createAutoScaling(new AutoScalingClient(AWS_CLIENT_OPTIONS), clock),
    compute: createCompute(new EC2Client(AWS_CLIENT_OPTIONS), clock),
  };
}
