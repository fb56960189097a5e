import type { PublishedRotation } from "../../contracts/config/rotate.ts";
import { type Again, again } from "../step.ts";
import type { Kind } from "./kind.ts";
import type { RotationRecord } from "./record.ts";
import type { Rotating } from "./rotating.ts";

export { again };

/** A look at a rotation whose value is published. */
export type Publishing = Rotating<PublishedRotation>;

/** How an attempt ends. */
export interface AttemptEnd {
  readonly kind: "end";
  readonly outcome: NonNullable<RotationRecord["last"]>["outcome"];
  readonly why: string;
}

/** Already so, or done now. */
export const next = { kind: "next" } as const;

/** `again`: look again later. */
export type RotationResult = typeof next | Again | AttemptEnd;

/** One thing to be made so. It asks whether it is so already before it acts. */
export interface RotationStep {
  readonly name: string;
  run(pass: Publishing, kind: Kind): Promise<RotationResult>;
}

export const end = (outcome: AttemptEnd["outcome"], why: string): AttemptEnd => ({
  kind: "end",
  outcome,
  why,
});
