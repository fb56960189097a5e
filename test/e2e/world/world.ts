import {
  AutoScalingClient,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { HookInput } from "../../../local/aws/auto-scaling/hook.ts";
import { startAwsFace } from "../../../local/aws/http/aws-face.ts";
import { RealClock } from "../../../local/clock.ts";
import type { MachineImage } from "../../../local/machines/image.ts";
import { type ClientGroup, ModelCluster } from "../../../local/model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../../../local/nomad/drover-setup.ts";
import { startNomadFace } from "../../../local/nomad/face/server.ts";
import { Witness } from "../../helpers/witness.ts";
import { readSettings } from "../settings.ts";
import { startForwarder } from "./forwarder.ts";
import { GROUP } from "./names.ts";
import { realMachines } from "./real-machines.ts";
import { startRelay } from "./relay.ts";
import { putServerSecrets, putToken } from "./secrets.ts";
import { startSystemsManager } from "./systems-manager.ts";

/** What an instance takes to end; in reality it is half a minute and more. */
const SHUTTING_DOWN_SECONDS = 3;
/** So long that Consul has missed its agent then, as it has in reality. */
const SHUTTING_DOWN_WITH_AGENT_SECONDS = 15;
/** In reality, ten seconds and more. */
const PENDING_SECONDS = 1;
const HOOKS: readonly HookInput[] = [
  { name: "drover-launch", transition: "launching", heartbeatTimeoutSeconds: 300 },
  { name: "drover-terminate", transition: "terminating", heartbeatTimeoutSeconds: 300 },
];

/** The cluster that the deployed function works on. */
export interface World {
  readonly cluster: ModelCluster;
  readonly witness: Witness;
  /** The instances it began with. */
  readonly instances: readonly string[];
  /** Adds an instance to the group, as an operator does by the AWS CLI. @returns its id. */
  launch(): Promise<string>;
  /** Takes an instance out of the group, as an operator does by the AWS CLI. */
  terminate(instanceId: string): Promise<void>;
  /** What Auto Scaling says of an instance; undefined for one that is in no group any more. */
  lifecycleState(instanceId: string): string | undefined;
  /** The group's instances now. */
  members(): string[];
  /** Cuts Nomad off. @returns a call that brings it back. */
  cutNomadOff(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** Instances with agents of the real Consul, who prove to the real OpenBao who they are. */
export interface Launches {
  readonly image: MachineImage;
  /** Their ids count on from here: a number that no other test counts on from. */
  readonly idsFrom: number;
  /** Whether their role may read parameters by now. @default it may */
  readonly mayRead?: () => boolean;
}

export interface WorldOptions {
  /** Ids that no other test has used: the table and the queues are the same for all. */
  readonly instances: readonly string[];
  /** @default "nomad-clients" */
  readonly group?: string;
  /** What else is to be said of the group. */
  readonly groupSettings?: Pick<ClientGroup, "hooks" | "template" | "minSize">;
  /** What instances boot from that are launched later. @default none are */
  readonly launches?: Launches;
  /** A real Nomad to use instead of the model's. */
  readonly nomadAddress?: string;
  /** @default a token of the model's that may do what Drover needs */
  readonly nomadToken?: string;
  /** @default true */
  readonly relaysEvents?: boolean;
}

/** Brings the model up where the deployed function looks for it. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { autoScalingPort, systemsManagerPort, nomadPort } = readSettings();
  const { instances, nomadAddress, launches, group = GROUP } = options;
  const clock = new RealClock();
  const machines = launches && (await realMachines(launches.mayRead ?? (() => true)));
  const shuttingDownSeconds = machines ? SHUTTING_DOWN_WITH_AGENT_SECONDS : SHUTTING_DOWN_SECONDS;
  const cluster = new ModelCluster(clock, {
    ec2: { pendingSeconds: PENDING_SECONDS, shuttingDownSeconds },
    ...(machines && { servers: machines, idsFrom: launches.idsFrom }),
  });
  const witness = new Witness(cluster, clock);
  cluster.addGroup({
    name: group,
    instances,
    ...(nomadAddress && { withoutNode: instances }),
    ...(launches && { image: launches.image, hooks: HOOKS }),
    ...options.groupSettings,
  });
  await putServerSecrets();
  await putToken(options.nomadToken ?? goodToken(cluster));
  const aws = await startAwsFace(cluster.aws, { port: autoScalingPort });
  const systemsManager = await startSystemsManager(systemsManagerPort, aws.endpoint);
  const startNomad = () =>
    nomadAddress
      ? startForwarder(nomadPort, nomadAddress)
      : startNomadFace(cluster.nomad, nomadPort);
  let nomad: { close(): Promise<void> } = await startNomad();
  const relay = (options.relaysEvents ?? true) ? await startRelay(cluster.aws) : undefined;
  const autoScaling = new AutoScalingClient({ endpoint: aws.endpoint });
  return {
    cluster,
    witness,
    instances,
    async launch() {
      const { members, desiredCapacity } = cluster.aws.autoScaling.group(group);
      const before = new Set(members.keys());
      await autoScaling.send(
        new SetDesiredCapacityCommand({
          AutoScalingGroupName: group,
          DesiredCapacity: desiredCapacity + 1,
        }),
      );
      const [launched] = [...members.keys()].filter((id) => !before.has(id));
      if (launched) return launched;
      throw new Error(`${group} launched nothing`);
    },
    async terminate(InstanceId) {
      const ShouldDecrementDesiredCapacity = true;
      await autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId,
          ShouldDecrementDesiredCapacity,
        }),
      );
    },
    lifecycleState: (id) => cluster.aws.autoScaling.findMember(id)?.lifecycleState,
    members: () => [...cluster.aws.autoScaling.group(group).members.keys()],
    async cutNomadOff() {
      await nomad.close();
      return async () => {
        nomad = await startNomad();
      };
    },
    async stop() {
      await relay?.close();
      await nomad.close();
      await systemsManager.close();
      await aws.close();
      await machines?.stop();
    },
  };
}

/** A Nomad token of the model that may do what Drover needs. */
export function goodToken({ nomad }: ModelCluster): string {
  return nomad.createToken(DROVER_NOMAD_TOKEN);
}
