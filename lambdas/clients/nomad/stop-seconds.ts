import * as z from "zod";

const Nanoseconds = z.number().nullish();

const Task = z.object({
  KillTimeout: Nanoseconds,
  ShutdownDelay: Nanoseconds,
  Leader: z.boolean().nullish(),
  Lifecycle: z.object({ Hook: z.string().nullish(), Sidecar: z.boolean().nullish() }).nullish(),
});
type Task = z.infer<typeof Task>;

/** What of a task group says how long it takes to stop. */
export const TaskGroup = z.object({
  Name: z.string(),
  ShutdownDelay: Nanoseconds,
  Tasks: z.array(Task).nullish(),
});

/** Nomad's own default, for a task that names none. */
const DEFAULT_KILL_NANOSECONDS = 5e9;

/**
 * The longest an allocation of the group may take to stop, in seconds. Nomad waits the group's
 * shutdown delay, then stops the leader, then the other tasks together, then the sidecars together
 * (`allocRunner.killTasks`). Poststop tasks run after that for as long as they like. A client's
 * `max_kill_timeout` may make it shorter, but the API does not show it.
 */
export function stopSeconds(group: z.infer<typeof TaskGroup> | undefined): number {
  if (!group) return DEFAULT_KILL_NANOSECONDS / 1e9;
  const tasks = (group.Tasks ?? []).filter((task) => task.Lifecycle?.Hook !== "poststop");
  const leaders = tasks.filter((task) => task.Leader);
  const rest = tasks.filter((task) => !task.Leader);
  const sidecars = rest.filter((task) => task.Lifecycle?.Sidecar);
  const others = rest.filter((task) => !task.Lifecycle?.Sidecar);
  const nanoseconds =
    (group.ShutdownDelay ?? 0) + slowest(leaders) + slowest(others) + slowest(sidecars);
  return nanoseconds / 1e9;
}

function slowest(tasks: readonly Task[]): number {
  return Math.max(
    0,
    ...tasks.map(
      (task) => (task.KillTimeout ?? DEFAULT_KILL_NANOSECONDS) + (task.ShutdownDelay ?? 0),
    ),
  );
}
