import type { HttpRequest, Transport } from "../../lambdas/clients/http/exchange.ts";
import type { AwsModel } from "../../local/aws/aws-model.ts";
import { inProcessClient } from "../../local/aws/http/in-process.ts";

/** Whom a call goes to. */
export type CalledSystem = "nomad" | "consul" | "vault" | "ssm" | "secrets-manager";

/** What stands for one thing among many in a path. */
const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|i-[0-9a-f]{17}/g;

/** Counts the requests that leave the real clients, by whom they go to and what they ask. */
export class CallCounts {
  readonly #counts = new Map<string, number>();

  /** A transport whose requests are counted. */
  transport(system: CalledSystem, inner: Transport): Transport {
    return {
      ...inner,
      send: (request, timeout) => {
        this.#count(system, nameOf(request));
        return inner.send(request, timeout);
      },
    };
  }

  /** Options for an SDK client right over the model, whose requests are counted. */
  sdkOptions(system: CalledSystem, model: AwsModel): ReturnType<typeof inProcessClient> {
    const { requestHandler, ...rest } = inProcessClient(model);
    return {
      ...rest,
      requestHandler: {
        handle: (request) => {
          const target = request.headers["x-amz-target"] ?? request.headers["X-Amz-Target"] ?? "";
          this.#count(system, target.split(".").at(-1) ?? target);
          return requestHandler.handle(request);
        },
      },
    };
  }

  /** How many requests went to a system, of those whose name fits. */
  of(system: CalledSystem, fits: (name: string) => boolean = () => true): number {
    let sum = 0;
    for (const [name, count] of this.#counts) {
      const [to, ...rest] = name.split(" ");
      if (to === system && fits(rest.join(" "))) sum += count;
    }
    return sum;
  }

  /** All of them, by `<system> <method> <path>`, ids in paths as `:id`. */
  all(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Begins anew. */
  reset(): void {
    this.#counts.clear();
  }

  #count(system: CalledSystem, name: string): void {
    const whole = `${system} ${name}`;
    this.#counts.set(whole, (this.#counts.get(whole) ?? 0) + 1);
  }
}

function nameOf({ method, path }: HttpRequest): string {
  return `${method} ${path.split("?")[0]}`.replace(ID, ":id");
}
