import { Remembered } from "./remembered.ts";

/** Whoever waits asks again and again what is the same for all of them. */
const REMEMBERED_SECONDS = 15;

/**
 * What a call answers, at most 15 s old.
 * @param now milliseconds on a clock that does not jump.
 */
export function lately<A extends readonly (string | undefined)[], T>(
  now: () => number,
  call: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  const callsOf = new Map<string, A>();
  const remembered = new Remembered({ now: () => new Date(now()) }, REMEMBERED_SECONDS, (key) => {
    const args = callsOf.get(key);
    if (!args) throw new Error(`nobody has asked for ${key}`);
    return call(...args);
  });
  return (...args) => {
    const key = JSON.stringify(args);
    callsOf.set(key, args);
    return remembered.get(key);
  };
}
