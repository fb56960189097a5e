import * as z from "zod";
import { ParameterPath, Seconds } from "./fields.ts";

/** Machines that are given a value each in a response wrapping of its own, which opens once. */
export const Wrapped = z.strictObject({
  /** The Auto Scaling groups they are in. */
  groups: z.array(z.string().min(1)).min(1),
  /** The parameter of a machine is `<path>/<instance id>`, readable by that one alone. */
  path: ParameterPath,
  /**
   * How long a wrapping waits to be opened; one that has run out is followed by another. Whether it was opened can be
   * seen within that time alone, and Drover may look five minutes late.
   */
  ttlSeconds: Seconds.min(600).max(86_400).default(900),
});
export type Wrapped = z.infer<typeof Wrapped>;
