import { authorize } from "./authorize.ts";
import type { Call, Reply } from "./call.ts";
import { nodeChecks, nodes, nodeWithServices } from "./catalog-reads.ts";
import { deregister, register } from "./catalog-writes.ts";
import { checksInState } from "./health-state.ts";
import { changeKeyring, listKeyring } from "./keyring-routes.ts";
import { forceLeave, leader, members, self } from "./server-routes.ts";
import { createToken, deleteToken, ownToken, readToken, tokens } from "./token-routes.ts";

interface Route {
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, (call: Call) => Reply>>;
  /** Whether no token is looked at. */
  readonly isOpen?: true;
}

/** The first path that fits counts. */
export const ROUTES: readonly Route[] = [
  { path: /^\/v1\/health\/node\/(.+)$/, methods: { GET: nodeChecks } },
  {
    path: /^\/v1\/health\/state\/(any|passing|warning|critical)$/,
    methods: { GET: checksInState },
  },
  { path: /^\/v1\/catalog\/node\/(.+)$/, methods: { GET: nodeWithServices } },
  { path: /^\/v1\/catalog\/nodes$/, methods: { GET: nodes } },
  { path: /^\/v1\/catalog\/register$/, methods: { PUT: register } },
  { path: /^\/v1\/catalog\/deregister$/, methods: { PUT: deregister } },
  { path: /^\/v1\/agent\/force-leave\/(.+)$/, methods: { PUT: forceLeave } },
  { path: /^\/v1\/agent\/members$/, methods: { GET: members } },
  { path: /^\/v1\/agent\/self$/, methods: { GET: self } },
  {
    path: /^\/v1\/operator\/keyring$/,
    methods: {
      GET: listKeyring,
      POST: changeKeyring("install"),
      PUT: changeKeyring("use"),
      DELETE: changeKeyring("remove"),
    },
  },
  { path: /^\/v1\/acl\/tokens$/, methods: { GET: tokens } },
  { path: /^\/v1\/acl\/token$/, methods: { PUT: createToken } },
  { path: /^\/v1\/acl\/token\/self$/, methods: { GET: ownToken } },
  { path: /^\/v1\/acl\/token\/(.+)$/, methods: { GET: readToken, DELETE: deleteToken } },
  { path: /^\/v1\/internal\/acl\/authorize$/, methods: { POST: authorize } },
  { path: /^\/v1\/status\/leader$/, methods: { GET: leader }, isOpen: true },
];
