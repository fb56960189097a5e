import type { Control, Mode } from "../../lambdas/domain/ports/nodes.ts";

/** The operator's switch in memory. */
export class MemoryControl implements Control {
  #mode: Mode = "act";

  async mode(): Promise<Mode> {
    return this.#mode;
  }

  turn(mode: Mode): void {
    this.#mode = mode;
  }
}
