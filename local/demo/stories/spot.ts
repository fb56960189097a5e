import { ENDING, type Moment } from "../moments.ts";
import { GROUP, instance } from "../stage.ts";
import type { Story } from "../story.ts";
import { watch } from "../subject.ts";
import { QUICK_HEALTH_CHECK, WORK } from "./work.ts";

const EXPECTED: readonly Moment[] = [
  "warned",
  "ineligible",
  "drained",
  "empty",
  ...ENDING,
  "consulTokenGone",
];
const INSTANCES = [0, 1, 2, 3].map(instance);

/** EC2 takes a Spot instance back. */
export const spot: Story = {
  opening: `
1  Four Spot instances at work. EC2 wants one back, and nothing can hold it: no hook, no operator. What
   can be done is to have its tasks run elsewhere before the two minutes are over.
`,
  stage: {
    instances: INSTANCES,
    group: { spot: true },
    jobs: WORK,
    timings: { autoScaling: QUICK_HEALTH_CHECK },
  },

  async play({ cluster }, narrator) {
    const [id = instance(0)] = INSTANCES;
    const { aws } = cluster;
    await narrator.until("the services run", () => cluster.running(id).length > 0);
    const subject = watch(cluster, { instanceId: id, expected: EXPECTED }, narrator);
    const { moments } = subject;
    aws.ec2.interruptSpot(id);
    await narrator.until("its node is empty", () => moments.has("empty"));
    await narrator.untilAllTold();

    const seconds = Math.round(moments.seconds("warned", "empty"));
    narrator.chapter(
      `\n2  Empty after ${seconds} s of the 120. EC2 takes the instance now: the rest of the two minutes is left\n` +
        "   out. Auto Scaling finds out by itself, and launches another one, which joins.\n",
    );
    aws.ec2.terminate(id);
    await narrator.untilFinished(id, "drained");
    await narrator.until("another one serves in its place", () => {
      const members = [...aws.autoScaling.group(GROUP).members.values()];
      const serving = members.filter(({ lifecycleState }) => lifecycleState === "InService");
      return !aws.autoScaling.findMember(id) && serving.length === INSTANCES.length;
    });
    const since = moments.seconds.bind(moments);
    return {
      subjects: [subject],
      measured: {
        interruption: {
          "warning to ineligible": since("warned", "ineligible"),
          "warning to empty": since("warned", "empty"),
          "instance terminated to nothing left": since("terminated", "purged"),
        },
      },
      moral:
        "No task was killed: the node was empty before EC2 took the instance, without any hook. Nothing of\n" +
        "it is left, and another instance has joined in its place.",
    };
  },
};
