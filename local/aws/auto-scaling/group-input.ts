import type { Place } from "../context.ts";
import type { Launch } from "../ec2/instance.ts";
import type { Group } from "./group.ts";
import { type HookInput, makeHook } from "./hook.ts";

/** How to make a group. Its `instances` are in service at once; others are launched. */
export interface GroupInput {
  readonly name: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  /** @default as many as there are instances */
  readonly desiredCapacity?: number;
  readonly zones?: readonly string[];
  readonly hooks?: readonly HookInput[];
  /** What its instances are launched with. @default on demand, on Nitro */
  readonly template?: Group["template"];
  readonly instances?: readonly Launch[];
  /** @default 0, as in the API; the console says 300 */
  readonly healthCheckGraceSeconds?: number;
  /** `InstanceLifecyclePolicy.RetentionTriggers.TerminateHookAbandon=retain`. @default false */
  readonly retainOnAbandon?: boolean;
}

/** A group without instances. @throws {AwsError} ValidationError for a hook AWS would refuse. */
export function makeGroup({ region }: Place, input: GroupInput): Group {
  const desiredCapacity = input.desiredCapacity ?? input.instances?.length ?? 0;
  return {
    name: input.name,
    zones: input.zones ?? [`${region}a`],
    template: input.template ?? {},
    minSize: input.minSize ?? 0,
    maxSize: input.maxSize ?? Math.max(desiredCapacity, 1_000),
    desiredCapacity,
    healthCheckGraceSeconds: input.healthCheckGraceSeconds ?? 0,
    retainOnAbandon: input.retainOnAbandon ?? false,
    suspended: new Set(),
    hooks: new Map((input.hooks ?? []).map((hook) => [hook.name, makeHook(hook)])),
    members: new Map(),
  };
}
