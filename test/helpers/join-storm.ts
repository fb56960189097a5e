import { setUpForDrover } from "../../local/vault/drover-setup.ts";
import { CallCounts } from "./call-counts.ts";
import { testConfig } from "./config.ts";
import { FunctionInstances } from "./function-instances.ts";
import { Launches, type LaunchOptions, WHOLE_CLUSTER } from "./launches.ts";

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
    });
  }

  /** Launches so many at once and lets time pass until all are in service. @returns seconds. */
  async joinAll(count: number, limitSeconds = 3_600): Promise<number> {
    const began = this.clock.now().getTime();
    const left = new Set(this.launch(count));
    await this.until(() => {
      for (const id of left) {
        if (this.lifecycleState(id) !== "InService") return false;
        left.delete(id);
      }
      return true;
    }, limitSeconds);
    return (this.clock.now().getTime() - began) / 1_000;
  }
}
