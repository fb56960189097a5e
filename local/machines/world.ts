import type { ModelClock } from "../clock.ts";
import type { NodeInput } from "../nomad/node.ts";

/** Parameter Store, as the role of the machine's own instance may use it. */
export interface MachineParameters {
  /** @returns undefined when there is none, or none the role may read: it can't tell them apart. */
  read(name: string): Promise<string | undefined>;
  /** Writes a parameter that is there already. */
  overwrite(name: string, value: string): Promise<void>;
}

/** Vault, as a machine uses it. Each method throws `NoAnswer` when there is nobody to answer. */
export interface MachineVault {
  /** @returns what the wrapping token was made by; undefined for one that does not live. */
  creationPath(wrappingToken: string): Promise<string | undefined>;
  /** @returns the secret id inside; undefined when somebody has been there before. */
  unwrapSecretId(wrappingToken: string): Promise<string | undefined>;
  /** Logs in by AppRole. @returns the token's accessor; undefined when refused. */
  logIn(mount: string, roleId: string, secretId: string): Promise<string | undefined>;
}

/** What a Consul agent is started with. */
export interface MachineAgent {
  readonly name: string;
  readonly address: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly token: string | undefined;
}

/** The Consul agents on the machines, by their node names. */
export interface MachineConsul {
  /**
   * One that runs is started anew, with what it is given now. Its id is the one it had, unless there is
   * nothing on its disk.
   */
  start(agent: MachineAgent, disk?: { readonly newId: boolean }): Promise<void>;
  /** The agent dies without a word. */
  stop(name: string): Promise<void>;
  /** The agent is back, or can be reached again, as it was. */
  resume(name: string): Promise<void>;
  /** A check of the node has run. */
  setCheck(
    name: string,
    check: { id: string; status: "passing" | "critical"; output: string },
  ): Promise<void>;
}

/** The Nomad clients on the machines. */
export interface MachineNomad {
  /** @returns the id its node will have. */
  start(input: NodeInput, log: (line: string) => void): string;
  /** One that was started long ago: its node is there and ready. @returns its id. */
  startedLongAgo(input: NodeInput): string;
  stop(nodeId: string): void;
  resume(nodeId: string): void;
}

/** What is around a machine. */
export interface MachineWorld {
  readonly clock: ModelClock;
  readonly parameters: MachineParameters;
  /** Whether its target lifecycle state, by its own metadata, is `InService`: not in a warm pool. */
  readonly isToServe: () => boolean;
  /** The serial console. */
  readonly console: (line: string) => void;
  readonly startSsmAgent: () => void;
  /** When EC2 ends the instance it falls silent by itself. */
  readonly stopSsmAgent: () => void;
  readonly vault: MachineVault;
  readonly consul: MachineConsul;
  /** Undefined where Nomad's clients are somebody else's: a real cluster's. */
  readonly nomad: MachineNomad | undefined;
}
