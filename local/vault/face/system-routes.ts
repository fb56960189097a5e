import type { Call, Reply } from "./call.ts";

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
