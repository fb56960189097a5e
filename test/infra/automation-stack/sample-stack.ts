import { sampleConfig } from "../samples.ts";
import { synthesize } from "../synthesis.ts";

/** The stack of examples/drover.yaml, synthesized once for all that look at it. */
export const config = sampleConfig();
export const { app, assembly, template } = await synthesize(config);
