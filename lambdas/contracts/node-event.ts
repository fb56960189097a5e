import * as z from "zod";
import { EventEnvelope } from "./envelope.ts";
import { NodeId } from "./ids.ts";
import { NODE_DETAIL_TYPES, NODE_SOURCE } from "./names.ts";

const Name = z.string().min(1).max(255);

/** The check that consul-esm makes of a node without an agent of its own. */
const Check = z.union(
  [
    z.strictObject({
      http: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
    }),
    z.strictObject({
      tcp: z.string().regex(/^[^\s:]+:\d{1,5}$/, "must be host:port"),
    }),
  ],
  { error: 'must be {"http": URL} or {"tcp": "host:port"}' },
);

/** A node outside Auto Scaling, as whoever runs it describes it. */
export const AnnouncedNode = z.strictObject({
  /** Its SSM hybrid node id (`mi-…`), or a name of its own. */
  nodeId: NodeId,
  /** Its name in Consul. @default the node id */
  name: NodeId.optional(),
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
  detail: z.strictObject({ nodeId: NodeId }),
});
export type NodeWithdrawnEvent = z.infer<typeof NodeWithdrawnEvent>;
