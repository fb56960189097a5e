import type { Value } from "./kind.ts";
import type { Publishing } from "./step.ts";

/** Makes a version of the secret the current one, and has its mirrors hold the same. */
export async function publish(
  { rotation, ports }: Publishing,
  version: string,
  value: Value,
): Promise<void> {
  await ports.secrets.promote(rotation.secret, version);
  for (const mirror of ports.mirrorsOf(rotation)) await mirror.put(value);
}
