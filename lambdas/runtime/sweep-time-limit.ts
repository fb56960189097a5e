import { PortError } from "../domain/ports/errors.ts";

type Method = (...args: unknown[]) => unknown;

/**
 * A port whose methods have so many seconds each: one slow source must not use up the time that the
 * function has for all of them.
 * @param system names it in the error.
 */
export function withTimeLimit<Port extends object>(
  port: Port,
  system: string,
  seconds: number,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        const work = Promise.resolve((method as Method).apply(target, args));
        return within(work, system, String(name), seconds);
      };
    },
  });
}

async function within<T>(work: Promise<T>, system: string, name: string, seconds: number) {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const text = `${system}: ${name} took longer than ${seconds} s`;
  const timer = setTimeout(
    () => reject(new PortError(system, "unavailable", text)),
    seconds * 1_000,
  );
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
