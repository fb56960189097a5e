import type { EC2Client, Filter, InstanceStatus } from "@aws-sdk/client-ec2";
import { InstanceId } from "../../contracts/ids.ts";
import type { TroubledInstance } from "../../domain/sweep/ports.ts";
import { IMPAIRED, listStatuses } from "./impaired-checks.ts";
import { readScheduled } from "./instance-status.ts";

/** What is no good news. */
const TROUBLES: readonly Filter[] = [
  ...IMPAIRED,
  {
    Name: "event.code",
    Values: [
      "instance-reboot",
      "system-reboot",
      "system-maintenance",
      "instance-retirement",
      "instance-stop",
    ],
  },
];

/** Reads the instances that are not well, or for which something is scheduled, and no others. */
export function createStatusSurvey(client: EC2Client): () => Promise<TroubledInstance[]> {
  return async () => {
    const found = await Promise.all(TROUBLES.map((filter) => listStatuses(client, filter)));
    const all = new Map(found.flat().map((each) => [each.InstanceId, each]));
    return [...all.values()].map(troubleOf);
  };
}

function troubleOf(status: InstanceStatus): TroubledInstance {
  const checks = {
    system: status.SystemStatus,
    instance: status.InstanceStatus,
    "attached EBS": status.AttachedEbsStatus,
  };
  return {
    id: InstanceId.parse(status.InstanceId),
    impaired: Object.entries(checks).flatMap(([name, check]) =>
      check?.Status === "impaired" ? [name] : [],
    ),
    scheduled: readScheduled(status),
  };
}
