import { type Call, Refusal, type Reply } from "./call.ts";

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

/** What it says is in the answer twice. */
export function keyStatus({ model }: Call): Reply {
  const { term, installedAt } = model.barrier;
  const status = { term, install_time: installedAt.toISOString(), encryptions: 0 };
  return { beside: status, data: status };
}

export function rotateBarrier({ model }: Call): undefined {
  const { term } = model.barrier;
  model.barrier = { term: term + 1, installedAt: model.clock.now() };
}

/** A secret of a KV engine of version 2. */
export function readSecret({ model, params: [path = ""] }: Call): Reply {
  const data = model.secrets.get(path);
  if (!data) throw new Refusal(404);
  return { data: { data, metadata: { version: 1, destroyed: false, deletion_time: "" } } };
}
