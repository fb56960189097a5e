import * as z from "zod";
import { NodeId } from "../ids.ts";
import { NODE_DETAIL_TYPES, NODE_SOURCE } from "../names.ts";
import { EventEnvelope } from "./envelope.ts";

const Name = z.string().min(1).max(255);

/** The check that consul-esm makes of a node without an agent of its own. */
const Check = z.union(
  [
    z.strictObject({
      http: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
    }),
    z.strictObject({
      tcp: z
        .string()
        .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/, "must be host:port, or [IPv6]:port"),
    }),
  ],
  { error: 'must be {"http": URL} or {"tcp": "host:port"}' },
);

/** Instances of EC2 join by their launch hook, and their names are theirs alone. */
const External = NodeId.refine((id) => !/^i-/.test(id), {
  error: "must not be an EC2 instance's: those join by their launch hook",
});

/** A node outside Auto Scaling, as whoever runs it describes it. */
export const AnnouncedNode = z.strictObject({
  /** Its SSM hybrid node id (`mi-…`), or a name of its own. */
  nodeId: External,
  /** Its name in Consul. @default the node id */
  name: External.optional(),
  /** Its IP address or host name, as others reach it. */
  address: Name,
  /** Who runs it: `azure`, `datacenter-frankfurt`, … */
  provider: Name,
  zone: Name.optional(),
  group: Name.optional(),
  /** `on-demand`, `spot`, `hybrid`, … @default "hybrid" */
  lifeCycle: Name.default("hybrid"),
  /** @default a node without an agent gets no check, and counts as healthy */
  check: Check.optional(),
});
export type AnnouncedNode = z.infer<typeof AnnouncedNode>;

/** `Node Announced`: a node outside Auto Scaling is there, or is described anew. */
export const NodeAnnouncedEvent = EventEnvelope.extend({
  source: z.literal(NODE_SOURCE),
  "detail-type": z.literal(NODE_DETAIL_TYPES.announced),
  detail: AnnouncedNode,
});
export type NodeAnnouncedEvent = z.infer<typeof NodeAnnouncedEvent>;

/** `Node Withdrawn`: a node outside Auto Scaling is gone for good. */
export const NodeWithdrawnEvent = EventEnvelope.extend({
  source: z.literal(NODE_SOURCE),
  "detail-type": z.literal(NODE_DETAIL_TYPES.withdrawn),
  detail: z.strictObject({ nodeId: External }),
});
export type NodeWithdrawnEvent = z.infer<typeof NodeWithdrawnEvent>;
