import { NodeId } from "../../contracts/ids.ts";
import type { Reload } from "./record.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { takeBack } from "./take-back.ts";

/** Machines that are told within one pass. */
const TOLD_AT_ONCE = 25;
/** Machines that are told of by name when they have failed. */
const TOLD_OF = 10;

/** Has the agents of the consumers' machines read the new one. */
export const reload: RotationStep = {
  name: "reload",
  async run(pass) {
    const { rotation, attempt } = pass;
    if (!rotation.reload || attempt.verifiedAt) return next;
    const isComplete = await orderReloads(pass);
    if (!isComplete) return again(0, "there are more machines to tell");
    const pending = await reloadsPending(pass);
    const failed = (pass.attempt.reloads ?? []).filter(({ result }) => hasFailed(result));
    if (failed.length > 0) return takeBack(pass, describe(failed));
    if (pending.length === 0) return next;
    const since = attempt.promotedAt?.getTime() ?? 0;
    if (pass.now.getTime() < since + rotation.verifySeconds * 1_000) {
      return again(5, `waits for ${pending.join(", ")}`);
    }
    return takeBack(
      pass,
      `${pending.join(", ")} did not read it within ${rotation.verifySeconds} s`,
    );
  },
};

/** Tells the machines that have not been told. @returns whether all have. */
export async function orderReloads(pass: Publishing): Promise<boolean> {
  const { rotation, ports } = pass;
  if (!rotation.reload) return true;
  const { groups, units, action } = rotation.reload;
  const told = new Set((pass.attempt.reloads ?? []).map(({ nodeId }) => nodeId));
  const members = await ports.consumers.members(groups);
  const missing = members.filter((id) => !told.has(id));
  const ordered: Reload[] = await Promise.all(
    missing.slice(0, TOLD_AT_ONCE).map(async (nodeId) => {
      const commandId = await ports.consumers.reload(nodeId, units, action);
      return commandId ? { nodeId, commandId } : { nodeId, result: "undeliverable" as const };
    }),
  );
  if (ordered.length > 0) {
    await pass.saveAttempt({ reloads: [...(pass.attempt.reloads ?? []), ...ordered] });
    const names = ordered.map(({ nodeId }) => nodeId).join(", ");
    pass.did(`had ${units.join(", ")} ${action} on ${names}`);
  }
  return missing.length <= TOLD_AT_ONCE;
}

/** Looks how the orders fare. @returns the machines that have not answered. */
export async function reloadsPending(pass: Publishing): Promise<readonly string[]> {
  const { ports, rotation } = pass;
  const before = pass.attempt.reloads ?? [];
  const members = new Set<string>(await ports.consumers.members(rotation.reload?.groups ?? []));
  const after = await Promise.all(before.map((each) => look(each, pass, members)));
  if (after.some(({ result }, index) => result !== before[index]?.result)) {
    await pass.saveAttempt({ reloads: after });
  }
  return after.filter(({ result }) => result === undefined).map(({ nodeId }) => nodeId);
}

async function look(
  reload: Reload,
  { ports }: Publishing,
  members: ReadonlySet<string>,
): Promise<Reload> {
  const { result, nodeId, commandId } = reload;
  // One that has left its group has no use for it any more.
  if (!members.has(nodeId)) return { ...reload, result: "gone" };
  if (result !== undefined || !commandId) return reload;
  const found = await ports.consumers.result(NodeId.parse(nodeId), commandId);
  if (!found || found.status === "pending") return reload;
  return { ...reload, result: found.status, output: found.output };
}

function hasFailed(result: Reload["result"]): boolean {
  return result !== undefined && result !== "success" && result !== "gone";
}

/** All of hundreds of machines would not go into the record, nor into an event. */
function describe(failed: readonly Reload[]): string {
  const told = failed
    .slice(0, TOLD_OF)
    .map(({ nodeId, result, output = "" }) =>
      `${nodeId} can't read it (${result}) ${output}`.trim(),
    );
  const more = failed.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more can't either`] : [])].join("; ");
}
