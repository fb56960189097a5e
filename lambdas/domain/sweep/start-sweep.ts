import type { Message } from "../../contracts/message.ts";
import { reportRefresh } from "./report-refresh.ts";
import { sweep } from "./sweep.ts";
import type { Sweeper } from "./sweeper.ts";

/** The next sweep has begun by then: a backlog must not make one sweep follow the other. */
const OLD_SECONDS = 60;

/**
 * Handles one message of the sweep's queue: its minute has come, or an instance refresh has got further.
 * @param isAgain it has been delivered before, and failed.
 * @throws when something is broken. A sweep that has failed is not made again, since the next one is there;
 *   but its message goes on to the dead letters, so that somebody hears of it.
 */
export async function startSweep(
  message: Message,
  sweeper: Sweeper,
  isAgain: boolean,
): Promise<void> {
  const { ports, config } = sweeper;
  switch (message.kind) {
    case "test-notification":
      return;
    case "scheduled": {
      const seconds = (ports.clock.now().getTime() - Date.parse(message.event.time)) / 1_000;
      if (seconds <= OLD_SECONDS) return sweep(sweeper);
      if (isAgain) throw new Error("this sweep failed, or its function died; later ones were made");
      return ports.log.info("too late for this sweep", { seconds });
    }
    case "refresh": {
      const isOurs = await reportRefresh(message.event, ports, config);
      if (isOurs) await sweep(sweeper);
      return;
    }
    default:
      throw new Error(`the sweep does not handle ${message.kind}: its rules are wrong`);
  }
}
