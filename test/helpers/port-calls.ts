import type { Ports } from "../../lambdas/domain/ports/index.ts";

/** Stands around one call of a port and makes it by calling `carryOut`. What it is called with comes last. */
export type AroundCall = <R>(carryOut: () => Promise<R>, args?: readonly unknown[]) => Promise<R>;

export const directly: AroundCall = (carryOut) => carryOut();

/** The ports with something standing around every call that leaves the function. */
export function aroundPortCalls(ports: Ports, around: AroundCall): Ports {
  return {
    ...ports,
    nodes: wrap(ports.nodes, around),
    control: wrap(ports.control, around),
    journal: wrap(ports.journal, around),
    ticks: wrap(ports.ticks, around),
    nomad: wrap(ports.nomad, around),
    autoScaling: wrap(ports.autoScaling, around),
    compute: wrap(ports.compute, around),
    commands: wrap(ports.commands, around),
    breaker: wrap(ports.breaker, around),
    budget: wrap(ports.budget, around),
    hints: wrap(ports.hints, around),
    outcomes: wrap(ports.outcomes, around),
    consul: ports.consul && wrap(ports.consul, around),
    vault: ports.vault && wrap(ports.vault, around),
    introductions: ports.introductions && wrap(ports.introductions, around),
  };
}

/** A port with something standing around every call of it. */
export function wrap<Port extends object>(port: Port, around: AroundCall): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => around(async () => Reflect.apply(method, target, args), args);
    },
  });
}
