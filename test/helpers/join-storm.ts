import { memoryWriteTurns } from "../../local/memory/memory-write-turns.ts";
import { setUpForDrover } from "../../local/vault/drover-setup.ts";
import { CallCounts } from "./call-counts.ts";
import { testConfig } from "./config.ts";
import { FunctionInstances } from "./function-instances.ts";
import { Launches, type LaunchOptions, WHOLE_CLUSTER } from "./launches.ts";
import { TURN_SECONDS } from "./model-ports.ts";

/** Many instances that are launched at once, and what their joining costs the servers. */
export class JoinStorm extends Launches {
  readonly counts = new CallCounts();
  readonly functions: FunctionInstances;

  constructor(options: Omit<LaunchOptions, "config" | "ports" | "invoke"> = {}) {
    const functions = new FunctionInstances();
    super({ ...options, ports: functions.ports, invoke: functions.invoke });
    this.functions = functions;
    const { login } = setUpForDrover(this.cluster.vault);
    functions.connectTo({
      cluster: this.cluster,
      config: testConfig(WHOLE_CLUSTER),
      login,
      counts: this.counts,
      // Where any number may be written there are no turns: those are the least calls there can be.
      turn: memoryWriteTurns(this.clock, options.aws?.parameterWrites ? TURN_SECONDS : 0),
    });
  }

  /**
   * Launches so many at once, and lets time pass until all are in service.
   * @returns after how many seconds; undefined if it takes longer, or not all of them joined.
   */
  async joinAll(count: number, limitSeconds = 3_600): Promise<number | undefined> {
    const began = this.clock.now().getTime();
    const end = began + limitSeconds * 1_000;
    const left = new Set(this.launch(count));
    await this.until(() => {
      for (const id of left) {
        if (this.lifecycleState(id) !== "InService") break;
        left.delete(id);
      }
      return left.size === 0 || this.clock.now().getTime() >= end;
    });
    const joined = this.ports.told.filter(({ outcome }) => outcome === "joined");
    if (left.size > 0 || joined.length < count) return undefined;
    return (this.clock.now().getTime() - began) / 1_000;
  }
}
