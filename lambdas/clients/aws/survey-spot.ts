import { type EC2Client, paginateDescribeSpotInstanceRequests } from "@aws-sdk/client-ec2";
import { InstanceId } from "../../contracts/ids.ts";
import type { MarkedInstance } from "../../domain/sweep/ports.ts";
import { sdkCall } from "./sdk-error.ts";

/** How EC2 calls the two minutes before it takes an instance back. */
const MARKED = ["marked-for-termination", "marked-for-stop"];

/** Reads the Spot requests whose instance EC2 is about to take back. */
export function createSpotSurvey(client: EC2Client): () => Promise<MarkedInstance[]> {
  return () =>
    sdkCall("ec2", "ec2:DescribeSpotInstanceRequests", async () => {
      const found: MarkedInstance[] = [];
      const Filters = [{ Name: "status-code", Values: MARKED }];
      const pages = paginateDescribeSpotInstanceRequests({ client }, { Filters });
      for await (const { SpotInstanceRequests = [] } of pages) {
        for (const {
          InstanceId: id,
          SpotInstanceRequestId: requestId,
          Status,
        } of SpotInstanceRequests) {
          if (!id || !requestId || !Status?.UpdateTime) continue;
          found.push({ id: InstanceId.parse(id), requestId, markedAt: Status.UpdateTime });
        }
      }
      return found;
    });
}
