import { plusSeconds } from "../../clock.ts";
import { ENDING, type Moment } from "../moments.ts";
import { GROUP, instance } from "../stage.ts";
import type { Story } from "../story.ts";
import { watch } from "../subject.ts";
import { QUICK_HEALTH_CHECK, WORK } from "./work.ts";

const EXPECTED: readonly Moment[] = [
  "announced",
  "ineligible",
  "drained",
  "empty",
  "terminateEvent",
  ...ENDING,
];
const INSTANCES = [0, 1, 2, 3].map(instance);
const DAYS = 9;
const WAITED = "waits: the budget of pool default is used up";

/** AWS Health announces the retirement of two instances at once. */
export const health: Story = {
  opening: `
1  AWS Health announces that two of four instances are retired in ${DAYS} days. Nothing has to happen now,
   so everything keeps to the rules: one node of the pool at a time, in the group's maintenance windows
   (this one has none: at once), and never the last healthy allocation of a service.
`,
  limitSeconds: 150,
  stage: {
    instances: INSTANCES,
    group: { budget: { pool: 1 } },
    jobs: WORK,
    timings: { autoScaling: QUICK_HEALTH_CHECK },
  },

  async play({ cluster }, narrator) {
    const affected = INSTANCES.slice(0, 2);
    const { aws } = cluster;
    await narrator.until("the services run", () =>
      affected.every((id) => cluster.running(id).length > 0),
    );
    const subjects = affected.map((instanceId, i) =>
      watch(cluster, { instanceId, name: `${i + 1}`, expected: EXPECTED }, narrator),
    );
    const notBefore = plusSeconds(aws.clock.now(), DAYS * 86_400);
    aws.ec2.scheduleAll(affected, { code: "instance-retirement", notBefore });
    await narrator.until("one waits for its turn", (said) =>
      affected.some((id) => said(id).includes(WAITED)),
    );
    await narrator.until("the other one is replaced", () =>
      affected.some((id) => !aws.autoScaling.findMember(id)),
    );
    await narrator.untilAllTold();

    narrator.chapter(
      "\n2  The second one has waited, ineligible but at work. It is taken when the first one's successor serves.\n",
    );
    for (const id of affected) await narrator.untilFinished(id, "drained");
    await narrator.until("both are replaced", () => {
      const members = [...aws.autoScaling.group(GROUP).members.values()];
      const serving = members.filter(({ lifecycleState }) => lifecycleState === "InService");
      return serving.length === INSTANCES.length;
    });
    const measured = subjects.map(({ moments }, i) => [
      `instance ${i + 1}`,
      {
        [`${i + 1}: announced to ineligible`]: moments.seconds("announced", "ineligible"),
        [`${i + 1}: announced to drained`]: moments.seconds("announced", "drained"),
        [`${i + 1}: last task stopped to terminated`]: moments.seconds("empty", "terminated"),
      },
    ]);
    return {
      subjects,
      measured: Object.fromEntries(measured),
      moral:
        "Both were replaced days before AWS would have ended them, one at a time. No task was killed.",
    };
  },
};
