import { Validations } from "aws-cdk-lib";
import {
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { type Config, ConfigError } from "../../lambdas/contracts/config.ts";

const HTTPS_PORT = 443;

/** The network the functions run in, as configured, and a security group of their own. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: ISecurityGroup;

  /** @throws {ConfigError} when the subnets can't be spread evenly over the zones. */
  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    const { availabilityZones, privateSubnetIds, cidr } = config.vpc;
    if (privateSubnetIds.length % availabilityZones.length !== 0) {
      throw new ConfigError(
        `vpc.privateSubnetIds: ${privateSubnetIds.length} subnets can't be spread evenly over ` +
          `${availabilityZones.length} vpc.availabilityZones; name one subnet a zone, in its order`,
      );
    }
    this.vpc = Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId: config.vpc.id,
      availabilityZones,
      privateSubnetIds,
      vpcCidrBlock: cidr,
    });
    Validations.of(this.vpc).acknowledge({
      id: "Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId",
      reason: "Functions are put into the subnets; nothing here changes how they route.",
    });
    const group = new SecurityGroup(this, "Functions", {
      vpc: this.vpc,
      description: `Functions of ${config.name}: out to the cluster and the AWS APIs, nothing in`,
      allowAllOutbound: false,
    });
    for (const [port, servers] of serverPorts(config)) {
      group.addEgressRule(Peer.ipv4(cidr), Port.tcp(port), servers.join(", "));
    }
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS_PORT), "AWS APIs");
    this.securityGroup = group;
  }
}

/** The ports of the configured servers, each with who listens there. */
function serverPorts({ nomad, consul, vault }: Config): Map<number, string[]> {
  const ports = new Map<number, string[]>();
  for (const [name, server] of Object.entries({ Nomad: nomad, Consul: consul, Vault: vault })) {
    if (!server) continue;
    const port = portOf(server.address);
    ports.set(port, [...(ports.get(port) ?? []), name]);
  }
  return ports;
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port ? Number(port) : protocol === "https:" ? HTTPS_PORT : 80;
}
