import type { ITopic } from "aws-cdk-lib/aws-sns";

/** Where alarms go, or why there are none: whoever makes a function has to say one of the two. */
export type AlarmChoice =
  | { readonly topic: ITopic }
  | { readonly off: true; readonly because: string };
