import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Who an EC2 instance says it is. */
export interface Identity {
  readonly instanceId: string;
  readonly zone?: string;
}

/** The instance metadata service (IMDSv2) of one instance, as far as Nomad's fingerprint asks. */
export async function startFakeImds({ instanceId, zone = "eu-central-1a" }: Identity) {
  const data: Record<string, string> = {
    // Without an AMI id the fingerprint gives up.
    "ami-id": "ami-0123456789abcdef0",
    hostname: "ip-10-0-0-12.eu-central-1.compute.internal",
    "local-hostname": "ip-10-0-0-12.eu-central-1.compute.internal",
    "instance-id": instanceId,
    "instance-life-cycle": "on-demand",
    "instance-type": "t3.medium",
    "local-ipv4": "127.0.0.1",
    mac: "02:00:00:00:00:01",
    "placement/availability-zone": zone,
  };
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (request.method === "PUT" && path === "/latest/api/token") {
      response.setHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600");
      response.end("token");
      return;
    }
    const value = data[path.replace(/^\/latest\/meta-data\//, "")];
    response.statusCode = value === undefined ? 404 : 200;
    response.end(value ?? "");
  });
  return { address: await listen(server), close: () => void server.close() };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
