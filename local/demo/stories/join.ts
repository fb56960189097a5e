import { NodeId } from "../../../lambdas/contracts/ids.ts";
import type { ModelCluster } from "../../model-cluster.ts";
import type { JobInput } from "../../nomad/job.ts";
import { ENDING, type Moment } from "../moments.ts";
import { GROUP, PACE } from "../stage.ts";
import type { Story } from "../story.ts";
import { watch } from "../subject.ts";

/** What runs from the first: service and system work; one task of it is slow to stop. */
const WEB: JobInput = { id: "web", count: 6, stopTakesSeconds: 1, ...PACE };
const ORDERS = { id: "orders", count: 3, stopTakesSeconds: 8, killTimeoutSeconds: 15, ...PACE };
const LOGS: JobInput = { id: "logs", type: "system", stopTakesSeconds: 2 };
/** What comes when there is a fourth client: more of the services, and a batch job on all four. */
const MORE_WORK: readonly JobInput[] = [
  { ...WEB, count: 7 },
  { ...ORDERS, count: 4 },
  { id: "import", type: "batch", count: 4, runsSeconds: 6 },
];
/** The tasks that the fourth one has of that. */
const TASKS = 4;

/** What has to happen to it. */
export const JOIN_MOMENTS: readonly Moment[] = [
  "launchEvent",
  "introduced",
  "loggedIn",
  "consulAlive",
  "nomadReady",
  "eligible",
  "inService",
  "terminateEvent",
  "ineligible",
  "empty",
  ...ENDING,
  "vaultTokenGone",
  "parametersGone",
];

/** A cluster of three clients gets a fourth, which works and goes again. */
export const join: Story = {
  opening: `
1  A new instance, and nobody knows yet whether it is what it says.
   A secret in its image or its user data would be a secret of all who can read those. So Drover makes
   what it needs when it is there: a token each for Nomad and Consul that fits its name alone, and a
   secret id of Vault's in a wrapping that opens once. AWS proves who fetches them: the parameter
   can be read by this one instance. If the wrapping was opened before, it says so and stays out.
`,
  stage: { jobs: [WEB, ORDERS, LOGS] },

  async play({ cluster }, narrator) {
    const id = launch(cluster);
    narrator.tell({ at: cluster.aws.clock.now(), who: "Auto Scaling", text: `launches ${id}` });
    const subject = watch(cluster, { instanceId: id, expected: JOIN_MOMENTS }, narrator);
    const { moments } = subject;
    await narrator.untilFinished(id, "joined");
    await narrator.until("it is in service", () => moments.has("inService"));
    await narrator.untilAllTold();

    narrator.chapter("\n2  It is a member, and eligible: Nomad gives it work.\n");
    for (const job of MORE_WORK) cluster.nomad.registerJob(job);
    await narrator.until("it is at work", () => tasksOn(cluster, id) >= TASKS);

    narrator.chapter(
      "\n3  It has to go: first the work, then the instance, then all that was known of it.\n",
    );
    cluster.aws.autoScaling.terminateInstance(id, true);
    await narrator.untilFinished(id, "drained");
    const since = moments.seconds.bind(moments);
    return {
      subjects: [subject],
      measured: {
        launch: {
          "launch event to introduction": since("launchEvent", "introduced"),
          "launch event to login at Vault": since("launchEvent", "loggedIn"),
          "launch event to eligible": since("launchEvent", "eligible"),
          "launch event to in service": since("launchEvent", "inService"),
        },
        terminate: {
          "terminate event to ineligible": since("terminateEvent", "ineligible"),
          "terminate event to empty": since("terminateEvent", "empty"),
          "last task stopped to hook completed": since("empty", "letGo"),
          "instance terminated to nothing left": since("terminated", "purged"),
        },
      },
      moral:
        "No task was killed: the hook was completed after the last one. Parameter Store, Consul, Vault and\n" +
        "Nomad know nothing of the instance any more.",
    };
  },
};

/** Has the group launch one more. @returns its id. */
export function launch({ aws: { autoScaling } }: ModelCluster): NodeId {
  const group = autoScaling.group(GROUP);
  const before = new Set(group.members.keys());
  autoScaling.setDesiredCapacity(GROUP, group.desiredCapacity + 1);
  const id = [...group.members.keys()].find((each) => !before.has(each));
  if (!id) throw new Error("Auto Scaling launched nothing");
  return NodeId.parse(id);
}

function tasksOn(cluster: ModelCluster, id: NodeId): number {
  return cluster.running(id).filter(({ clientStatus }) => clientStatus === "running").length;
}
