import type { ConfigInput } from "../../../lambdas/contracts/config.ts";
import { NODE_ROLE } from "../../../local/vault/drover-setup.ts";
import {
  READABLE_PATH,
  ROTATED_APP_ROLE,
  ROTATED_PKI_ROLE,
  ROTATED_TOKEN_ROLE,
} from "../../../local/vault/rotation-setup.ts";
import type { Deployment, Servers } from "../settings.ts";
import {
  CERTIFICATE_ROTATION,
  CERTIFICATE_SECRET,
  CONSUL_ROTATE_SECRET,
  CONSUL_ROTATION,
  CONSUL_SECRET,
  CONSUL_TOKEN_SECRET,
  GRACE_SECONDS,
  GROUP,
  HASTY_GROUP,
  HASTY_JOIN_SECONDS,
  HEALING_GROUP,
  ROTATE_VAULT_SECRET,
  ROTATED_PARAMETER,
  ROTATED_SECRET,
  ROTATION,
  SECRET_ID_ROTATION,
  SECRET_ID_SECRET,
  TOKEN_SECRET,
  TOLERANCE_SECONDS,
  VAULT_SECRET,
} from "../world/names.ts";
import { ACCOUNT, REGION } from "./environment.ts";

export const NAME = "drover-e2e";

/** Where the deployed functions find the cluster. */
export type Cluster = Pick<Deployment, "autoScalingPort" | "systemsManagerPort" | "nomadPort"> & {
  readonly [Server in keyof Servers]: Pick<Servers[Server], "address">;
};

/**
 * What is deployed. Without `replay.principals`: MiniStack has no AWS::Events::EventBusPolicy. The
 * network is made up; MiniStack runs a function as a process of this machine, whatever its VPC.
 */
export function configuration(cluster: Cluster): ConfigInput {
  const { autoScalingPort, systemsManagerPort, nomadPort, consul, openBao } = cluster;
  const model = `http://127.0.0.1:${autoScalingPort}`;
  const drain = { timeoutSeconds: 300, pollSeconds: 1 };
  return {
    name: NAME,
    account: ACCOUNT,
    region: REGION,
    vpc: {
      id: "vpc-00000000",
      availabilityZones: [`${REGION}a`],
      privateSubnetIds: ["subnet-00000000"],
      cidr: "127.0.0.0/8",
    },
    nomad: { address: `http://127.0.0.1:${nomadPort}`, tokenSecret: TOKEN_SECRET },
    consul: { address: consul.address, tokenSecret: CONSUL_SECRET },
    // OpenBao has no AWS method built in.
    vault: { address: openBao.address, login: { method: "approle", secret: VAULT_SECRET } },
    introduction: { vault: { role: NODE_ROLE } },
    rotate: {
      vault: { login: { method: "approle", secret: ROTATE_VAULT_SECRET } },
      consul: { tokenSecret: CONSUL_ROTATE_SECRET },
      of: [
        {
          name: ROTATION,
          kind: "vault-token",
          role: ROTATED_TOKEN_ROLE,
          testPath: READABLE_PATH,
          secret: ROTATED_SECRET,
          parameter: ROTATED_PARAMETER,
          graceSeconds: GRACE_SECONDS,
        },
        {
          name: SECRET_ID_ROTATION,
          kind: "vault-secret-id",
          role: ROTATED_APP_ROLE,
          secret: SECRET_ID_SECRET,
          startedBy: "schedule",
          graceSeconds: GRACE_SECONDS,
        },
        {
          name: CONSUL_ROTATION,
          kind: "consul-token",
          testPath: "/v1/catalog/nodes",
          secret: CONSUL_TOKEN_SECRET,
          startedBy: "schedule",
          graceSeconds: GRACE_SECONDS,
        },
        {
          name: CERTIFICATE_ROTATION,
          kind: "vault-certificate",
          role: ROTATED_PKI_ROLE,
          commonName: "client.global.nomad",
          secret: CERTIFICATE_SECRET,
          // The role's certificates live for 30 days.
          everySeconds: 864_000,
          make: { operators: [`arn:aws:iam::${ACCOUNT}:role/operator`] },
          graceSeconds: GRACE_SECONDS,
        },
      ],
    },
    externalNodes: { services: [{ name: "node-exporter", port: 9_100, tags: ["metrics"] }] },
    groups: [
      {
        name: GROUP,
        drain,
        join: { timeoutSeconds: 300, pollSeconds: 1 },
        // The instances that are there from the first have no Consul agent.
        heal: { units: ["nomad"] },
      },
      { name: HASTY_GROUP, drain, join: { timeoutSeconds: HASTY_JOIN_SECONDS, pollSeconds: 1 } },
      {
        name: HEALING_GROUP,
        drain,
        budget: { pool: 1, zone: 1 },
        heal: {
          units: ["nomad"],
          toleranceSeconds: TOLERANCE_SECONDS,
          verifySeconds: 15,
          pollSeconds: 5,
          breaker: { unhealthy: 1 },
        },
      },
    ],
    alarms: { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:operations` },
    functions: {
      maxConcurrency: 2,
      // MiniStack's Auto Scaling knows no wait state and sends no events: the model's does.
      environment: {
        AWS_ENDPOINT_URL_AUTO_SCALING: model,
        AWS_ENDPOINT_URL_EC2: model,
        AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${systemsManagerPort}`,
      },
    },
  };
}
