import type { AwsModel } from "./aws/aws-model.ts";
import type { Queue } from "./aws/sqs/queue.ts";
import { type Cancel, plusSeconds } from "./clock.ts";

const MINUTE_SECONDS = 60;

/**
 * The rule that starts the sweep: every minute its event lies in the queue.
 * @returns a call that ends this.
 */
export function scheduleSweep({ clock, account, region }: AwsModel, queue: Queue): Cancel {
  let minutes = 0;
  const next = () => clock.at(plusSeconds(clock.now(), MINUTE_SECONDS), tell);
  const tell = () => {
    const event = {
      version: "0",
      id: `schedule-${minutes++}`,
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account,
      time: `${clock.now().toISOString().slice(0, 19)}Z`,
      region,
      resources: [`arn:aws:events:${region}:${account}:rule/sweep`],
      detail: {},
    };
    queue.send(JSON.stringify(event));
    cancel = next();
  };
  let cancel = next();
  return () => cancel();
}
