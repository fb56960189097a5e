/** What is asked of some machines. */
export interface CommandInput {
  readonly documentName: string;
  readonly instanceIds: readonly string[];
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  /** Until it has to be fetched. @default 3600 */
  readonly timeoutSeconds?: number;
  readonly comment?: string;
}

/** What a machine made of a command. */
export interface Execution {
  readonly exitStatus: number;
  readonly output: string;
  /** How long it took. @default 2 */
  readonly seconds?: number;
}

/** One command on one machine. */
export interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly comment: string;
  readonly timeoutSeconds: number;
  readonly requestedAt: Date;
  status: "Pending" | "InProgress" | "Success" | "Failed" | "TimedOut";
  /** Says more than the status: `DeliveryTimedOut` is no `ExecutionTimedOut`. */
  statusDetails: string;
  startedAt?: Date;
  endedAt?: Date;
  /** Undefined until it has ended. */
  exitStatus?: number;
  output: string;
}

/** Whether nothing more comes of a command. */
export function hasEnded({ status }: Invocation): boolean {
  return status !== "Pending" && status !== "InProgress";
}
