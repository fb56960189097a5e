import type { JobInput } from "../../nomad/job.ts";
import { PACE } from "../stage.ts";

/** A service that has somewhere to go, and one whose tasks take some seconds to stop. */
export const WORK: readonly JobInput[] = [
  { id: "web", count: 6, stopTakesSeconds: 1, ...PACE },
  { id: "orders", count: 4, stopTakesSeconds: 4, killTimeoutSeconds: 15, ...PACE },
];

/** Auto Scaling looks at its instances' health more often than on AWS, where minutes can pass. */
export const QUICK_HEALTH_CHECK = { proceedSeconds: 0, healthCheckSeconds: 2 };
