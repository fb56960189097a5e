import { ENDING } from "../moments.ts";
import { GROUP, instance } from "../stage.ts";
import type { Story } from "../story.ts";
import { watch } from "../subject.ts";
import { QUICK_HEALTH_CHECK, WORK } from "./work.ts";

const INSTANCES = [0, 1, 2, 3, 4].map(instance);
const SWEEP_SECONDS = 5;
/** The shortest that may be configured; ten minutes by default. */
const TOLERANCE_SECONDS = 60;

/** Two Nomad agents die; a restart helps one of them. */
export const heal: Story = {
  opening: `
1  Two machines of five lose their Nomad agent, and no event tells of that. The sweep finds both (every
   minute, here every ${SWEEP_SECONDS} s), and heal-node asks every source what it sees before it does anything. Then it
   has the agents restarted through Systems Manager. On the second machine that does not help.
`,
  limitSeconds: 240,
  stage: {
    instances: INSTANCES,
    group: {
      heal: {
        toleranceSeconds: TOLERANCE_SECONDS,
        verifySeconds: 15,
        pollSeconds: 5,
        breaker: { unhealthy: 2 },
      },
      budget: { pool: 2, zone: 2 },
    },
    jobs: WORK,
    timings: { autoScaling: QUICK_HEALTH_CHECK },
    sweepSeconds: SWEEP_SECONDS,
    hasStoodLong: true,
  },

  async play({ cluster }, narrator) {
    const [healed = instance(0), broken = instance(1)] = INSTANCES;
    const { aws } = cluster;
    await narrator.until("the services run", () => cluster.running(broken).length > 0);
    const first = watch(
      cluster,
      { instanceId: healed, name: "1", expected: ["down", "recovered"], ends: false },
      narrator,
    );
    const second = watch(
      cluster,
      { instanceId: broken, name: "2", expected: ["down", "terminateEvent", ...ENDING] },
      narrator,
    );
    await cluster.killAgent(healed, "nomad");
    await cluster.breakAgent(broken, "nomad");
    await narrator.untilFinished(healed, "recovered");
    await narrator.untilAllTold();

    narrator.chapter(
      `\n2  The first one is well again. The second has ${TOLERANCE_SECONDS} s to recover (ten minutes, unless told otherwise);\n` +
        "   then it is replaced, if budget and breaker allow it.\n",
    );
    await narrator.untilFinished(broken, "to-be-replaced");
    await narrator.untilFinished(broken, "drained");
    await narrator.until("another one serves in its place", () => {
      const members = [...aws.autoScaling.group(GROUP).members.values()];
      const serving = members.filter(({ lifecycleState }) => lifecycleState === "InService");
      return serving.length === INSTANCES.length;
    });
    return {
      subjects: [first, second],
      measured: {
        "the first one": {
          "1: down to recovered": first.moments.seconds("down", "recovered"),
        },
        "the second one": {
          "2: down to taken out of service": second.moments.seconds("down", "terminateEvent"),
          "2: instance terminated to nothing left": second.moments.seconds("terminated", "purged"),
        },
      },
      moral:
        "One node was healed by a restart. The other was replaced after its time was over, and not before;\n" +
        "nothing of it is left.",
    };
  },
};
