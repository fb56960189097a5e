/** The domain's ports right over the model, without HTTP. */
export { modelAutoScalingPort } from "./ports/auto-scaling-port.ts";
export { modelComputePort } from "./ports/compute-port.ts";
export { modelHints } from "./ports/hints-port.ts";
export { modelCommandsPort, modelIntroductionsPort, modelOutcomesPort } from "./ports/sdk-ports.ts";
export { modelTicks } from "./ports/ticks-port.ts";
