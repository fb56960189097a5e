import { PortError } from "../domain/ports/errors.ts";
import type { Within } from "../domain/ports/within.ts";

/** Waits for work no longer than so many seconds of real time. */
export const within: Within = async (work, seconds) => {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new PortError("time", "unavailable", `it took longer than ${seconds} s`)),
    seconds * 1_000,
  );
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
};
