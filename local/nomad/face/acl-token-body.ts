import * as z from "zod";
import type { TokenInput } from "../access.ts";
import type { NomadModel } from "../model.ts";
import { type Call, Refusal } from "./call.ts";
import { seconds } from "./duration.ts";
import { bodyOf, lowerKeys } from "./replies.ts";

const LEAST_SECONDS = 60;
const MOST_SECONDS = 86_400;

const Link = z.preprocess(
  (value) => (typeof value === "object" && value !== null ? lowerKeys(value) : value),
  z.object({ id: z.string().default(""), name: z.string().default("") }),
);
const Body = z.object({
  name: z.string().default(""),
  type: z.string().default(""),
  policies: z.array(z.string()).nullish(),
  roles: z.array(Link).nullish(),
  global: z.boolean().default(false),
  expirationttl: z.union([z.string(), z.number()]).optional(),
});

/** A token as somebody asks for it. @throws {Refusal} 400 for a body that is none. */
export function tokenBodyOf(call: Call): z.infer<typeof Body> & { ttlSeconds: number } {
  const body = Body.safeParse(bodyOf(call));
  if (!body.success) {
    const [issue] = body.error.issues;
    throw new Refusal(400, `json: cannot unmarshal ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return { ...body.data, ttlSeconds: seconds(body.data.expirationttl) };
}

/** The same, as the model takes it. @throws {Refusal} 400 for what can't be. */
export function tokenInputOf(
  { access }: NomadModel,
  body: ReturnType<typeof tokenBodyOf>,
): TokenInput {
  const { name, type, global, ttlSeconds } = body;
  const policies = body.policies ?? [];
  const links = body.roles ?? [];
  const grants = policies.length + links.length;
  if (type !== "client" && type !== "management") {
    throw invalid("token type must be client or management");
  }
  if (type === "client" && grants === 0) throw invalid("client token missing policies or roles");
  if (type === "management" && grants > 0) {
    throw invalid("management token cannot be associated with policies or roles");
  }
  assertBounds(ttlSeconds);
  const roles = links.map(({ id, name }) => {
    const found = id
      ? access.roles.get(id)
      : [...access.roles.values()].find((r) => r.name === name);
    if (!found) throw new Refusal(400, `cannot find role ${id || name}`);
    return found.id;
  });
  return { name, type, global, policies, roles, ttlSeconds: ttlSeconds || undefined };
}

function assertBounds(ttlSeconds: number): void {
  if (ttlSeconds === 0) return;
  const bound = ttlSeconds < LEAST_SECONDS ? "less than 1m0s" : "more than 24h0m0s";
  if (ttlSeconds < LEAST_SECONDS || ttlSeconds > MOST_SECONDS) {
    throw invalid(`expiration time cannot be ${bound} in the future (was ${ttlSeconds}s)`);
  }
}

function invalid(why: string): Refusal {
  return new Refusal(400, `token 0 invalid: 1 error occurred:\n\t* ${why}\n\n`);
}
