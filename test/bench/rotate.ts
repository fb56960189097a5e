import { percentile, round } from "./percentile.ts";
import { rotateFloor } from "./rotate-floor.ts";
import { rotateAll } from "./rotate-flow.ts";
import { type Calls, callsOf, rotateStage } from "./rotate-stage.ts";

const TOKENS = 200;
/** As the flow does. */
const LOOK_SECONDS = 15;
/** Shorter than the life of a token that nobody renews any more: it is revoked, and does not just expire. */
const GRACE_SECONDS = 1_800;
const ROUNDS = 3;
const TARGET_RATIO = 2;

/**
 * Tokens of a Vault that are due at once, through the real handler until each former one is dead: what that
 * takes, beside a bare loop of the calls without which it can't be done. Both wait in virtual time.
 */
export async function rotate(): Promise<Record<string, unknown>[]> {
  const turns = [];
  for (let turn = 0; turn <= ROUNDS; turn++) turns.push(await both());
  // What is called for the first time is slow.
  const [, ...rounds] = turns;
  const [{ floor, flow }] = rounds as [Turn];
  const [all, floorCalls] = [callsOf(flow.stage), callsOf(floor.stage)];
  const { watch, own } = flow.took;
  const calls = {
    vault: all.vault - watch.vault,
    secretsManager: all.secretsManager - watch.secretsManager,
  };
  const median = (of: (turn: Turn) => number) => round(percentile(rounds.map(of), 0.5));
  return [
    {
      tokens: TOKENS,
      rounds: ROUNDS,
      seconds: median((turn) => turn.flow.took.seconds),
      floorSeconds: median((turn) => turn.floor.took.seconds),
      virtualSeconds: flow.took.virtualSeconds,
      floorVirtualSeconds: floor.took.virtualSeconds,
      graceSeconds: GRACE_SECONDS,
      callsAToken: { ...aToken(calls), ...own },
      watchCallsAToken: aToken(watch),
      floorCallsAToken: aToken(floorCalls),
      ratio: round(sum(calls) / sum(floorCalls)),
      targetRatio: TARGET_RATIO,
    },
  ];
}

type Turn = Awaited<ReturnType<typeof both>>;

async function both() {
  const bare = rotateStage(TOKENS);
  const limits = { graceSeconds: GRACE_SECONDS, limitSeconds: 2 * GRACE_SECONDS };
  const floor = {
    stage: bare,
    took: await rotateFloor(bare, { ...limits, lookSeconds: LOOK_SECONDS }),
  };
  const stage = rotateStage(TOKENS);
  const flow = { stage, took: await rotateAll(stage, limits) };
  return { floor, flow };
}

function aToken({ vault, secretsManager }: Calls) {
  return { vault: round(vault / TOKENS), secretsManager: round(secretsManager / TOKENS) };
}

function sum({ vault, secretsManager }: Calls): number {
  return vault + secretsManager;
}
