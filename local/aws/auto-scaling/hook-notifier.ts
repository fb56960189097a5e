import type { AwsContext } from "../context.ts";
import type { SqsModel } from "../sqs/sqs-model.ts";
import { groupArn, lifecycleDetail } from "./events.ts";
import type { Hook } from "./hook.ts";
import type { Waiting } from "./lifecycle-actions.ts";
import type { Passage } from "./passage.ts";

/** Tells the notification target a hook may have, besides EventBridge. */
export class HookNotifier {
  readonly #context: AwsContext;
  readonly #sqs: SqsModel;

  constructor(context: AwsContext, sqs: SqsModel) {
    this.#context = context;
    this.#sqs = sqs;
  }

  /** An instance has come to the hook. */
  arrived(waiting: Waiting, passage: Passage): void {
    this.#send(waiting.hook, waiting.group, lifecycleDetail(waiting, passage));
  }

  /** The hook was put: the one time Auto Scaling sends a test. */
  put(hook: Hook, group: string): void {
    this.#send(hook, group, {
      AutoScalingGroupARN: groupArn(this.#context, group),
      Event: "autoscaling:TEST_NOTIFICATION",
    });
  }

  #send({ notificationTargetArn }: Hook, group: string, body: object): void {
    if (!notificationTargetArn) return;
    const envelope = {
      AccountId: this.#context.account,
      RequestId: this.#context.ids.uuid(),
      AutoScalingGroupName: group,
      Service: "AWS Auto Scaling",
      Time: this.#context.clock.now().toISOString(),
    };
    const queue = this.#sqs.byArn(notificationTargetArn);
    queue?.send(JSON.stringify({ ...envelope, ...body }));
  }
}
