import type { ThingRotating } from "./thing-rotating.ts";

/** What somebody could see of something that was rotated. */
export async function standing(world: ThingRotating) {
  const record = await world.record();
  return {
    outcome: record?.last?.outcome,
    attempt: record?.attempt,
    problems: world.problems,
    living: await world.thing.living(),
    copy: world.thing.copy ? world.thing.copy() : world.current(),
    deadLetters: world.world.deadLetters.bodies(),
  };
}

/** The same, when what the secret holds works, and nothing else does. */
export function allWell(world: ThingRotating): Awaited<ReturnType<typeof standing>> {
  return {
    outcome: "rotated",
    attempt: undefined,
    problems: [],
    living: [world.current()],
    copy: world.current(),
    deadLetters: [],
  };
}
