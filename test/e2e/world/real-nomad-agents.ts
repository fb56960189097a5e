import type { AwsModel } from "../../../local/aws/aws-model.ts";
import { Units } from "../../../local/machines/units.ts";
import type { OwnCluster } from "../../clients/contract/real-cluster.ts";

/** The agents of a real Nomad on the model's instances. */
export interface RealNomadAgents {
  /** The agent's process ends without a word. */
  kill(instanceId: string): Promise<void>;
  start(instanceId: string): Promise<void>;
  /** From now on no restart by Systems Manager brings it back. @param output what it says then. */
  break(instanceId: string, output: string): void;
  /** Ends the following of instances. */
  close(): void;
}

/**
 * Has the model's instances run agents of a real Nomad: one that ends takes its agent with it, one that is
 * launched gets one, and what Systems Manager is told to restart is restarted.
 * @param fail hears of an agent that could not be started.
 */
export function realNomadAgents(
  aws: AwsModel,
  nomad: OwnCluster,
  fail: (error: unknown) => void,
): RealNomadAgents {
  const indexes = new Map(nomad.nodes.map(({ instanceId }, index) => [instanceId, index]));
  const running = new Set(indexes.keys());
  const units = new Map<string, Units>();
  const indexOf = (instanceId: string) => indexes.get(instanceId) ?? Number.NaN;

  async function kill(instanceId: string): Promise<void> {
    running.delete(instanceId);
    await nomad.killClient(indexOf(instanceId));
  }

  async function start(instanceId: string): Promise<void> {
    running.add(instanceId);
    await nomad.startClient(indexOf(instanceId));
  }

  function setUp(instanceId: string): void {
    const isActive = () => running.has(instanceId);
    units.set(instanceId, new Units({ nomad: { isActive, restart: () => start(instanceId) } }));
    aws.managedNodes.startAgent(instanceId);
  }

  async function add(instanceId: string, zone: string): Promise<void> {
    indexes.set(instanceId, indexes.size);
    running.add(instanceId);
    setUp(instanceId);
    await nomad.addClient({ instanceId, zone });
  }

  for (const instanceId of indexes.keys()) setUp(instanceId);
  aws.runCommand.execute = ({ instanceId, parameters }) => {
    const known = units.get(instanceId);
    return known ? known.carryOut(parameters) : { exitStatus: 1, output: "" };
  };
  const close = aws.ec2.onStateChange(({ id, state, zone }) => {
    if (state === "shutting-down" && running.has(id)) kill(id).catch(fail);
    if (state === "running" && !indexes.has(id)) add(id, zone).catch(fail);
  });
  return {
    kill,
    start,
    break: (instanceId, output) => units.get(instanceId)?.break("nomad", output),
    close,
  };
}
