/** What goes wrong on a machine. */
export type Failure =
  /** The kernel does not find its disk: no agent of any kind starts. */
  | { readonly kind: "never-boots" }
  /** The Nomad client does not start. */
  | { readonly kind: "no-nomad" }
  /** The Nomad client is in another pool. Where tokens are looked at, its own does not fit then. */
  | { readonly kind: "wrong-pool"; readonly nodePool?: string }
  | { readonly kind: "wrong-version"; readonly version?: string }
  /** The Consul agent does not start. */
  | { readonly kind: "no-consul" }
  /** A check of the Consul node is critical, for ever or for a while. */
  | { readonly kind: "consul-critical"; readonly recoversAfterSeconds?: number }
  /** Somebody else unwraps the machine's secret id before it can. */
  | { readonly kind: "introduction-intercepted" }
  /** The machine hangs so long after it has come up: nothing on it says another word. */
  | { readonly kind: "crashes"; readonly afterSeconds: number };

/** What machines of a group boot from. */
export interface MachineImage {
  /** From EC2's `running` until its first program runs. @default 15 */
  readonly bootSeconds?: number;
  /** What the parameters' names begin with; false: it waits for no introduction. @default "/drover/nodes" */
  readonly introductionPath?: string | false;
  /** @default "default" */
  readonly nodePool?: string;
  /** Nomad's. @default "dc1" */
  readonly datacenter?: string;
  /** Of its Nomad agent. @default the model's own */
  readonly nomadVersion?: string;
  /** Nomad's `client.default_ineligible`. @default true */
  readonly defaultIneligible?: boolean;
  /** From the Nomad client's registration until it is ready. @default 2 */
  readonly readyAfterSeconds?: number;
  /** Whether it has a Consul agent. @default true */
  readonly consul?: boolean;
  /** More of its agent's `node_meta` than the instance id. @default its zone and its group */
  readonly consulMeta?: Readonly<Record<string, string>>;
  /** What goes wrong, on all machines or on some: `number` counts them from 1. @default nothing */
  readonly failure?: Failure | ((number: number, instanceId: string) => Failure | undefined);
}

/** What goes wrong on the machine of that number. */
export function failureOf(
  { failure }: MachineImage,
  number: number,
  instanceId: string,
): Failure | undefined {
  return typeof failure === "function" ? failure(number, instanceId) : failure;
}
