import { consulGossipKey } from "../../lambdas/clients/consul/rotate/gossip-key.ts";
import { nomadGossipKey } from "../../lambdas/clients/nomad/rotate/gossip-key.ts";
import type { VirtualClock } from "../../local/clock.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import type { PoolAnswer } from "../../local/gossip/pool.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { directly } from "./port-calls.ts";
import {
  CONSUL_TROUBLES,
  consulSession,
  NOMAD_TROUBLES,
  nomadSession,
} from "./rotated-acl-tokens.ts";
import { type RotatedThing, rotationOf, troublesOf } from "./rotated-thing.ts";

const FIRST_KEY = Buffer.alloc(32, "first").toString("base64");
const AGENTS = ["agent-1", "agent-2"];

export function consulGossip(clock: VirtualClock, around = directly): RotatedThing {
  const model = new ConsulModel(clock, { gossipKey: FIRST_KEY });
  for (const name of AGENTS) model.startAgent({ name });
  return {
    rotation: rotationOf("consul-gossip-key"),
    kind: consulGossipKey(consulSession(model, around), clock),
    ...gossip(() => model.gossip.list()),
    ...troublesOf(model.faults, CONSUL_TROUBLES),
  };
}

export function nomadGossip(clock: VirtualClock, around = directly): RotatedThing {
  const model = new NomadModel(clock, { servers: 3, gossipKey: FIRST_KEY });
  return {
    rotation: rotationOf("nomad-gossip-key"),
    kind: nomadGossipKey(nomadSession(model, around), clock),
    ...gossip(() => [model.gossip.list()]),
    ...troublesOf(model.faults, NOMAD_TROUBLES),
  };
}

/** No member may encrypt with what another one can't decrypt, whatever a secret holds. */
function gossip(pools: () => readonly PoolAnswer[]) {
  return {
    first: FIRST_KEY,
    problem(): string | undefined {
      const cutOff = pools().flatMap(({ keys, primaries, members }) =>
        Object.keys(primaries).filter((key) => keys[key] !== members),
      );
      return cutOff.length > 0 ? "some members can't decrypt what others say" : undefined;
    },
    living: () => [...new Set(pools().flatMap(({ keys }) => Object.keys(keys)))],
  };
}
