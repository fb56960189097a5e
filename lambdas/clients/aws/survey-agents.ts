import { paginateDescribeInstanceInformation, type SSMClient } from "@aws-sdk/client-ssm";
import { InstanceId } from "../../contracts/ids.ts";
import type { AgentSurvey } from "../../domain/sweep/ports.ts";
import { sdkCall } from "./sdk-error.ts";

/** DescribeInstanceInformation gives no more at once. */
const MACHINES_A_PAGE = 50;
/** Machines that are gone can be listed for weeks: then the rest waits until they are fewer. */
const MOST_PAGES = 40;

/** Systems Manager's machines whose agent is silent, over the SDK. */
export function createAgentSurvey(client: SSMClient): AgentSurvey {
  return {
    silent: () =>
      sdkCall("ssm", "ssm:DescribeInstanceInformation", async () => {
        const found: InstanceId[] = [];
        const Filters = [{ Key: "PingStatus", Values: ["ConnectionLost"] }];
        const pages = paginateDescribeInstanceInformation(
          { client, pageSize: MACHINES_A_PAGE },
          { Filters },
        );
        let read = 0;
        for await (const { InstanceInformationList = [] } of pages) {
          found.push(...InstanceInformationList.map((each) => InstanceId.parse(each.InstanceId)));
          if (++read === MOST_PAGES) break;
        }
        return found;
      }),
  };
}
