import { createToken, deleteToken, ownToken, readToken, tokens } from "./acl-token-routes.ts";
import type { Call, Reply } from "./call.ts";
import { introductionToken } from "./introduction-routes.ts";
import { readJob, readJobAllocations, registerJob, stopJob } from "./job-routes.ts";
import { changeGossipKeys, listGossipKeys, listRootKeys, rotateRootKey } from "./keyring-routes.ts";
import { listNodes, nodePools, readAllocations, readNode } from "./node-reads.ts";
import { drainNode, purgeNode, setEligibility } from "./node-writes.ts";
import { agentHealth, autopilotHealth, leader } from "./server-routes.ts";
import { putVariable, readVariable } from "./variable-routes.ts";

interface Route {
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, (call: Call) => Reply>>;
  /** Whether it is answered without a leader. @default to a `stale` read */
  readonly withoutLeader?: "always" | "never";
}

function write(act: (call: Call) => Reply) {
  return { POST: act, PUT: act };
}

/** The first path that fits counts. */
export const ROUTES: readonly Route[] = [
  { path: /^\/v1\/nodes$/, methods: { GET: listNodes } },
  { path: /^\/v1\/node\/pools$/, methods: { GET: nodePools } },
  { path: /^\/v1\/node\/(.*)\/allocations$/, methods: { GET: readAllocations } },
  { path: /^\/v1\/node\/(.*)\/drain$/, methods: write(drainNode) },
  { path: /^\/v1\/node\/(.*)\/eligibility$/, methods: write(setEligibility) },
  { path: /^\/v1\/node\/(.*)\/purge$/, methods: write(purgeNode) },
  { path: /^\/v1\/node\/(.*)$/, methods: { GET: readNode } },
  { path: /^\/v1\/jobs$/, methods: write(registerJob) },
  { path: /^\/v1\/job\/(.*)\/allocations$/, methods: { GET: readJobAllocations } },
  { path: /^\/v1\/job\/(.*)$/, methods: { GET: readJob, DELETE: stopJob } },
  { path: /^\/v1\/acl\/tokens$/, methods: { GET: tokens } },
  { path: /^\/v1\/acl\/token$/, methods: write(createToken) },
  { path: /^\/v1\/acl\/token\/self$/, methods: { GET: ownToken } },
  { path: /^\/v1\/acl\/token\/(.*)$/, methods: { GET: readToken, DELETE: deleteToken } },
  {
    path: /^\/v1\/acl\/identity\/client-introduction-token$/,
    methods: write(introductionToken),
  },
  { path: /^\/v1\/var\/(.+)$/, methods: { GET: readVariable, ...write(putVariable) } },
  { path: /^\/v1\/status\/leader$/, methods: { GET: leader }, withoutLeader: "never" },
  {
    path: /^\/v1\/operator\/autopilot\/health$/,
    methods: { GET: autopilotHealth },
    withoutLeader: "never",
  },
  { path: /^\/v1\/operator\/keyring\/keys$/, methods: { GET: listRootKeys } },
  { path: /^\/v1\/operator\/keyring\/rotate$/, methods: write(rotateRootKey) },
  { path: /^\/v1\/agent\/keyring\/list$/, methods: { GET: listGossipKeys } },
  { path: /^\/v1\/agent\/keyring\/install$/, methods: write(changeGossipKeys("install")) },
  { path: /^\/v1\/agent\/keyring\/use$/, methods: write(changeGossipKeys("use")) },
  { path: /^\/v1\/agent\/keyring\/remove$/, methods: write(changeGossipKeys("remove")) },
  { path: /^\/v1\/agent\/health$/, methods: { GET: agentHealth }, withoutLeader: "always" },
];
