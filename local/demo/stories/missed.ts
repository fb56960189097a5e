import { ENDING, type Moment } from "../moments.ts";
import { instance } from "../stage.ts";
import type { Story } from "../story.ts";
import { watch } from "../subject.ts";
import { WORK } from "./work.ts";

const EXPECTED: readonly Moment[] = ["waitsAtHook", "ineligible", "drained", "empty", ...ENDING];
const SWEEP_SECONDS = 10;

/** An event gets lost on its way, and the sweep finds what it would have told. */
export const missed: Story = {
  opening: `
1  An instance is scaled in. It waits at its terminate hook, and the event that tells of that is lost:
   EventBridge delivers such events on best effort. Nobody drains it; in the end the hook would run out,
   and its tasks would be killed with it.
`,
  stage: { instances: [0, 1, 2].map(instance), jobs: WORK, sweepSeconds: SWEEP_SECONDS },

  async play({ cluster }, narrator) {
    const id = instance(0);
    const { aws } = cluster;
    await narrator.until("the services run", () => cluster.running(id).length > 0);
    const subject = watch(cluster, { instanceId: id, expected: EXPECTED }, narrator);
    const { moments } = subject;
    const lost = "EC2 Instance-terminate Lifecycle Action";
    aws.eventBridge.delivery = (event) => (event["detail-type"] === lost ? [] : [0]);
    aws.autoScaling.terminateInstance(id, true);
    await narrator.until("it waits at its hook", () => {
      const waits = aws.autoScaling.findMember(id)?.lifecycleState === "Terminating:Wait";
      if (waits) moments.note("waitsAtHook", aws.clock.now());
      return waits;
    });
    narrator.tell({
      at: aws.clock.now(),
      who: "Auto Scaling",
      text: `${id} is Terminating:Wait; its event does not arrive`,
    });
    await narrator.untilAllTold();

    narrator.chapter(
      `\n2  Every minute, here every ${SWEEP_SECONDS} s, the sweep looks at what every source says. Nobody knows the hook's\n` +
        "   token: it is completed by the instance's id.\n",
    );
    await narrator.untilFinished(id, "drained");
    const since = moments.seconds.bind(moments);
    return {
      subjects: [subject],
      measured: {
        sweep: {
          "waiting at the hook to ineligible": since("waitsAtHook", "ineligible"),
          "ineligible to empty": since("ineligible", "empty"),
          "last task stopped to hook completed": since("empty", "letGo"),
        },
      },
      moral: "No task was killed, though no event ever told that the instance was to go.",
    };
  },
};
