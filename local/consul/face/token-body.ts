import * as z from "zod";
import type { TokenInput } from "../access.ts";
import type { NodeIdentity, ServiceIdentity } from "../identities.ts";
import type { ConsulModel } from "../model.ts";
import { bodyOf } from "./body.ts";
import { type Call, Refusal } from "./call.ts";

const LEAST_SECONDS = 60;
const MOST_SECONDS = 86_400;

/** What Consul allows of a node's or a service's name in an identity. */
const NAME = /^[a-z0-9]([a-z0-9\-_]*[a-z0-9])?$/;
const NAME_RULE = "has an invalid name. Only alphanumeric characters, '-' and '_' are allowed";

const Link = z.object({ ID: z.string().default(""), Name: z.string().default("") });

/** The fields that 1.8.7 knows; templated policies came later. */
const TokenBody = z.strictObject({
  AccessorID: z.string().default(""),
  SecretID: z.string().default(""),
  Description: z.string().default(""),
  Policies: z.array(Link).nullish(),
  Roles: z.array(Link).nullish(),
  ServiceIdentities: z
    .array(
      z.object({
        ServiceName: z.string().default(""),
        Datacenters: z.array(z.string()).optional(),
      }),
    )
    .nullish(),
  NodeIdentities: z
    .array(z.object({ NodeName: z.string().default(""), Datacenter: z.string().default("") }))
    .nullish(),
  ExpirationTTL: z.string().optional(),
  Local: z.boolean().default(false),
});
type TokenBody = z.infer<typeof TokenBody>;

/** A token as somebody asks for it. @throws {Refusal} for one that can't be, by the body alone. */
export function tokenBodyOf(call: Call): TokenBody {
  const unknown = unknownField(call.body);
  if (unknown) {
    throw new Refusal(400, `Bad request: Token decoding failed: json: unknown field "${unknown}"`);
  }
  return bodyOf(call, TokenBody, "Token decoding");
}

/** What is asked for, as the model takes it. @throws {Refusal} for what there is not. */
export function tokenInputOf(model: ConsulModel, body: TokenBody, now: Date): TokenInput {
  const { Policies, Roles, ServiceIdentities, NodeIdentities, ExpirationTTL } = body;
  const { access } = model;
  const serviceIdentities = ServiceIdentities ?? [];
  const nodeIdentities = NodeIdentities ?? [];
  const expiresAt = ExpirationTTL === undefined ? undefined : endOf(ExpirationTTL, now);
  const policies = (Policies ?? []).map((link) => idOf("policy", access.policies, link));
  const roles = (Roles ?? []).map((link) => idOf("role", access.roles, link));
  serviceIdentities.forEach(assertService);
  nodeIdentities.forEach(assertNode);
  return {
    ...(body.AccessorID && { accessorId: body.AccessorID }),
    ...(body.SecretID && { secretId: body.SecretID }),
    description: body.Description,
    local: body.Local,
    expiresAt,
    policies,
    roles,
    serviceIdentities,
    nodeIdentities,
  };
}

function unknownField(body: string): string | undefined {
  try {
    const fields = Object.keys(JSON.parse(body) ?? {});
    return fields.find((field) => !(field in TokenBody.shape));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function endOf(ttl: string, now: Date): Date {
  const seconds = Number(/^(\d+)s$/.exec(ttl)?.[1] ?? Number.NaN);
  if (Number.isNaN(seconds)) {
    throw new Refusal(400, `Bad request: Token decoding failed: time: invalid duration "${ttl}"`);
  }
  const bound = seconds < LEAST_SECONDS ? "less than 1m0s" : "more than 24h0m0s";
  if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
    throw new Refusal(500, `ExpirationTime cannot be ${bound} in the future (was ${ttl})`);
  }
  return new Date(now.getTime() + seconds * 1_000);
}

function idOf(
  what: "policy" | "role",
  all: ReadonlyMap<string, { readonly id: string; readonly name: string }>,
  { ID, Name }: z.infer<typeof Link>,
): string {
  const found = ID ? all.get(ID) : [...all.values()].find(({ name }) => name === Name);
  if (found) return found.id;
  const by = ID ? `ID "${ID}"` : `name "${Name}"`;
  throw new Refusal(500, `No such ACL ${what} with ${by}`);
}

function assertService({ ServiceName }: ServiceIdentity): void {
  if (!NAME.test(ServiceName)) {
    throw new Refusal(500, `Service identity "${ServiceName}" ${NAME_RULE}`);
  }
}

function assertNode({ NodeName, Datacenter }: NodeIdentity): void {
  if (!NodeName)
    throw new Refusal(500, "Node identity is missing the node name field on this token");
  if (!Datacenter) {
    throw new Refusal(500, "Node identity is missing the datacenter field on this token");
  }
  if (!NAME.test(NodeName)) throw new Refusal(500, `Node identity ${NAME_RULE}`);
}
