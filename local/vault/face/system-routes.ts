import { type Call, Refusal, type Reply, textOf } from "./call.ts";

const NOT_VALID = "wrapping token is not valid or does not exist";

/** A load balancer's question: a standby answers 429, which means nothing else here. */
export function health({ model }: Call): Reply {
  const { isSealed, isStandby } = model;
  const plain = {
    initialized: true,
    sealed: isSealed,
    standby: isSealed || isStandby,
    server_time_utc: Math.floor(model.clock.now().getTime() / 1_000),
    version: "2.7.2",
  };
  const status = isSealed ? 503 : isStandby ? 429 : 200;
  return { status, plain };
}

export function lookUpWrapping(call: Call): Reply {
  const token = wrappingToken(call);
  if (token === "") throw new Refusal(403, "error validating wrapping token: token is empty");
  const found = call.model.wrappings.find(token);
  if (!found) throw new Refusal(400, NOT_VALID);
  return {
    data: {
      creation_path: found.creationPath,
      creation_time: found.createdAt.toISOString(),
      creation_ttl: found.ttlSeconds,
    },
  };
}

/** The answer as it was wrapped. */
export function unwrap(call: Call): Reply {
  const found = call.model.wrappings.take(wrappingToken(call));
  if (!found) throw new Refusal(400, NOT_VALID);
  return { plain: found.content };
}

function wrappingToken(call: Call): string {
  return textOf(call, "token") || call.tokenText;
}
