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
import { agentPort } from "../../lambdas/contracts/config/consul-agents.ts";
import { otherVaults } from "../../lambdas/contracts/config/minting.ts";
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

/** The ports of the configured servers and agents, each with who listens there. */
function serverPorts(config: Config): Map<number, string[]> {
  const { nomad, consul, vault } = config;
  const ports = new Map<number, string[]>();
  const add = (port: number, name: string) => {
    const before = ports.get(port) ?? [];
    if (!before.includes(name)) ports.set(port, [...before, name]);
  };
  for (const [name, server] of Object.entries({ Nomad: nomad, Consul: consul, Vault: vault })) {
    if (server) add(portOf(server.address), name);
  }
  for (const { server } of otherVaults(config)) add(portOf(server.address), "Vault");
  for (const port of agentPorts(config)) add(port, "Consul agents");
  return ports;
}

/** Of the agents that a rotation gives their token. */
function agentPorts({ consul, rotate }: Config): number[] {
  if (!consul) return [];
  const agents = (rotate?.of ?? []).flatMap((each) => ("agents" in each && each.agents) || []);
  return agents.map((each) => agentPort(consul.address, each));
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port ? Number(port) : protocol === "https:" ? HTTPS_PORT : 80;
}
