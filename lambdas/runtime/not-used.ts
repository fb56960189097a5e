import type { FunctionName } from "../contracts/names.ts";

/**
 * Stands where a flow has no use for a port, so that its function neither carries the client nor may
 * make the calls.
 * @returns what throws as soon as somebody looks for a method of it.
 */
export function notUsed<Port extends object>(port: string, by: FunctionName): Port {
  return new Proxy({} as Port, {
    get(_target, method) {
      throw new Error(`${by} has no ${port}: ${String(method)} is not for it to call`);
    },
  });
}
