import * as z from "zod";

/**
 * What Drover calls a node: its EC2 instance id (`i-…`), its SSM hybrid node id (`mi-…`), or the name
 * under which a node of another provider was announced. Part of keys, paths and Consul node names.
 */
export const NodeId = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/,
    "must be an instance id, or a name of letters, digits, dots and hyphens, at most 63",
  )
  .brand<"NodeId">();
export type NodeId = z.infer<typeof NodeId>;

/** An EC2 instance id, or an SSM hybrid node id. Every one is a node id. */
export const InstanceId = z
  .string()
  .regex(/^m?i-[0-9a-f]{8,17}$/, "must be an EC2 instance id such as i-0123456789abcdef0")
  .brand<"NodeId">()
  .brand<"InstanceId">();
export type InstanceId = z.infer<typeof InstanceId>;

/**
 * The UUID a Nomad client gives itself. Never an EC2 instance id. Nomad takes 16 random bytes as they
 * come, without the version bits of RFC 9562 that `z.uuid()` insists on.
 */
export const NomadNodeId = z.guid().brand<"NomadNodeId">();
export type NomadNodeId = z.infer<typeof NomadNodeId>;

/** Marks the one live tick of a node record. */
export const TickId = z.string().min(1).brand<"TickId">();
export type TickId = z.infer<typeof TickId>;

/** The name of an Auto Scaling group. */
export const GroupName = z.string().min(1).max(255).brand<"GroupName">();
export type GroupName = z.infer<typeof GroupName>;
