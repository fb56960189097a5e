import type { InstanceState } from "../../../lambdas/domain/ports/compute.ts";
import type { Ec2Model } from "../ec2/ec2-model.ts";

/** Asks EC2 for something, and goes on when the instance has come to a state. */
export function whenEc2Says(
  ec2: Ec2Model,
  instanceId: string,
  state: InstanceState,
  { ask, done }: { readonly ask: () => unknown; readonly done: () => void },
): void {
  const stop = ec2.onStateChange((instance) => {
    if (instance.id !== instanceId || instance.state !== state) return;
    stop();
    done();
  });
  ask();
}
