import type { InstanceId, NodeId } from "../../contracts/ids.ts";
import type { IntroductionParameter, IntroductionReport } from "../../contracts/introduction.ts";

/**
 * What new instances are given, in Parameter Store. Methods throw a `PortError` of system `ssm`; none
 * of their texts holds a secret.
 */
export interface Introductions {
  /**
   * Takes the next turn to write an introduction: Parameter Store takes few writes a second of the
   * whole account. Whoever writes without one is refused, and has to make everything again.
   * @returns when that is, perhaps in the past.
   * @throws {PortError} of system `dynamodb`, where the turns are kept.
   */
  turn(): Promise<Date>;
  /**
   * Makes the instance's report, empty, in place of an earlier one. It comes before anything is made
   * that would be lost if a write is refused: Parameter Store takes few a second. Without Vault there
   * is nothing to report, and nothing is made.
   */
  prepare(id: InstanceId): Promise<void>;
  /** Writes the introduction, in place of an earlier one. Parameter Store drops it after a while. */
  put(id: InstanceId, introduction: IntroductionParameter): Promise<void>;
  /** Whether there is an introduction already. It is there whole or not at all. */
  has(id: InstanceId): Promise<boolean>;
  /** What the instance has reported, or undefined as long as it has not. */
  report(id: NodeId): Promise<IntroductionReport | undefined>;
  /** Deletes the introduction; the report stays. @returns whether there was one. */
  withdraw(id: NodeId): Promise<boolean>;
  /** Deletes the introduction and the report. @returns how many of the two there were. */
  remove(id: NodeId): Promise<number>;
}
