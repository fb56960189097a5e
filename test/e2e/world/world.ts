import {
  AutoScalingClient,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { startAwsFace } from "../../../local/aws/http/aws-face.ts";
import { RealClock } from "../../../local/clock.ts";
import { ModelCluster } from "../../../local/model-cluster.ts";
import { startNomadFace } from "../../../local/nomad/face/server.ts";
import { Witness } from "../../helpers/witness.ts";
import { readSettings } from "../settings.ts";
import { startForwarder } from "./forwarder.ts";
import { GROUP } from "./names.ts";
import { startRelay } from "./relay.ts";
import { putToken } from "./token-secret.ts";

/** What an instance takes to end; in reality it is half a minute and more. */
const SHUTTING_DOWN_SECONDS = 3;

/** The cluster that the deployed function works on. */
export interface World {
  readonly cluster: ModelCluster;
  readonly witness: Witness;
  /** The group's instances. */
  readonly instances: readonly string[];
  /** Takes an instance out of the group, as an operator does by the AWS CLI. */
  terminate(instanceId: string): Promise<void>;
  /** Cuts Nomad off. @returns a call that brings it back. */
  cutNomadOff(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Ids that no other test has used: the table and the queues are the same for all. */
  readonly instances: readonly string[];
  /** A real Nomad to use instead of the model's. */
  readonly nomadAddress?: string;
  /** @default a token of the model's that may do what Drover needs */
  readonly nomadToken?: string;
  /** @default true */
  readonly relaysEvents?: boolean;
}

/** Brings the model up where the deployed function looks for it. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { autoScalingPort, nomadPort } = readSettings();
  const clock = new RealClock();
  const cluster = new ModelCluster(clock, { ec2: { shuttingDownSeconds: SHUTTING_DOWN_SECONDS } });
  const witness = new Witness(cluster, clock);
  const { instances, nomadAddress } = options;
  cluster.addGroup({ name: GROUP, instances, ...(nomadAddress && { withoutNode: instances }) });
  await putToken(options.nomadToken ?? goodToken(cluster));
  const aws = await startAwsFace(cluster.aws, { port: autoScalingPort });
  const startNomad = () =>
    nomadAddress
      ? startForwarder(nomadPort, nomadAddress)
      : startNomadFace(cluster.nomad, nomadPort);
  let nomad: { close(): Promise<void> } = await startNomad();
  const relay = (options.relaysEvents ?? true) ? startRelay(cluster.aws) : undefined;
  const autoScaling = new AutoScalingClient({ endpoint: aws.endpoint });
  return {
    cluster,
    witness,
    instances,
    async terminate(InstanceId) {
      const ShouldDecrementDesiredCapacity = true;
      await autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity,
        }),
      );
    },
    async cutNomadOff() {
      await nomad.close();
      return async () => {
        nomad = await startNomad();
      };
    },
    async stop() {
      await relay?.close();
      await nomad.close();
      await aws.close();
    },
  };
}

/** A Nomad token of the model that may do what Drover needs. */
export function goodToken({ nomad }: ModelCluster): string {
  return nomad.createToken({ node: "write", namespaces: { "*": ["read-job"] } });
}
