import type { Value } from "./kind.ts";
import type { Publishing } from "./step.ts";

/** Makes the new version the current one, and has the mirrors hold the same. */
export async function publish(pass: Publishing, value: Value): Promise<void> {
  const { rotation, ports } = pass;
  await ports.secrets.promote(rotation.secret, pass.attempt.id);
  for (const mirror of ports.mirrorsOf(rotation)) {
    const mirrored = pass.attempt.mirrored ?? [];
    if (mirrored.includes(mirror.name)) continue;
    await mirror.put(value);
    await pass.saveAttempt({ mirrored: [...mirrored, mirror.name] });
  }
}

/** Makes the former version current again, and has the mirrors that have got the new one hold the same. */
export async function publishFormer(
  pass: Publishing,
  version: string,
  value: Value,
): Promise<void> {
  const { rotation, ports, attempt } = pass;
  await ports.secrets.promote(rotation.secret, version);
  for (const mirror of ports.mirrorsOf(rotation)) {
    // One that was refused holds what it held.
    if (attempt.mirrored?.includes(mirror.name)) await mirror.put(value);
  }
}
