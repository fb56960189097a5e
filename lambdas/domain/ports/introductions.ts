import type { InstanceId, NodeId } from "../../contracts/ids.ts";
import type { IntroductionParameter, IntroductionReport } from "../../contracts/introduction.ts";

/**
 * What new instances are given, in Parameter Store. Methods throw a `PortError` of system `ssm`; none
 * of their texts holds a secret.
 */
export interface Introductions {
  /** Writes the introduction, in place of an earlier one. Parameter Store drops it after a while. */
  put(id: InstanceId, introduction: IntroductionParameter): Promise<void>;
  /** Whether there is an introduction already. It is there whole or not at all. */
  has(id: InstanceId): Promise<boolean>;
  /** What the instance has reported, or undefined as long as it has not. */
  report(id: NodeId): Promise<IntroductionReport | undefined>;
  /** Deletes the introduction and the report. @returns how many of the two there were. */
  remove(id: NodeId): Promise<number>;
}
