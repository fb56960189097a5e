import type { HintReason } from "../../contracts/hint.ts";
import type { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { FlowName } from "../../contracts/names.ts";

/** Something that is not as it should be with one instance, and the flow that looks after such. */
export interface Finding {
  readonly instanceId: InstanceId;
  readonly flow: FlowName;
  readonly reason: HintReason;
  /** What was found, in words. */
  readonly why: string;
  /** Names what was found: as long as it is the same thing it has the same name. */
  readonly about: string;
  /** It is told once, whatever comes of it. @default again, when the work on it has ended */
  readonly once?: true;
  readonly group?: GroupName | undefined;
  readonly hook?: { readonly group: GroupName; readonly name: string };
  readonly deadlineAt?: Date;
  /** Nothing says that the instance was of one of Drover's groups, unless its record does. */
  readonly isAnybodys?: true;
  /** If nothing does, an operator is to hear of it all the same. */
  readonly isToldAnyway?: true;
}
