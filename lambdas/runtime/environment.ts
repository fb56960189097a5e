import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { type Config, parseConfig } from "../contracts/config.ts";
import { describeIssues } from "../contracts/message.ts";
import { ENVIRONMENT, FLOW_NAMES, type FlowName } from "../contracts/names.ts";

const HintQueues = z
  .string()
  .default("{}")
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      const message = `must be a JSON object of URLs (${(error as Error).message})`;
      context.issues.push({ code: "custom", message, input: text });
      return z.NEVER;
    }
  })
  .pipe(z.partialRecord(z.enum(FLOW_NAMES), z.url()));

const Environment = z.object({
  [ENVIRONMENT.configFile]: z.string().min(1),
  [ENVIRONMENT.table]: z.string().min(3),
  [ENVIRONMENT.queueUrl]: z.url(),
  [ENVIRONMENT.bus]: z.string().min(1),
  [ENVIRONMENT.hintQueues]: HintQueues,
  LAMBDA_TASK_ROOT: z.string().optional(),
});

/** What a function is told by its environment, read once. */
export interface FunctionEnvironment {
  readonly config: Config;
  readonly table: string;
  readonly queueUrl: string;
  readonly bus: string;
  /** The URLs of the queues it may put hints into. */
  readonly hintQueues: Readonly<Partial<Record<FlowName, string>>>;
}

/**
 * Reads the environment and the configuration file beside the function's code.
 * @throws naming the variable or field that is missing or wrong.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): FunctionEnvironment {
  const parsed = Environment.safeParse(variables);
  if (!parsed.success) throw new Error(`environment: ${describeIssues(parsed.error)}`);
  const file = parsed.data[ENVIRONMENT.configFile];
  const path = resolve(parsed.data.LAMBDA_TASK_ROOT ?? ".", file);
  return {
    config: parseConfig(JSON.parse(readFileSync(path, "utf8")), file),
    table: parsed.data[ENVIRONMENT.table],
    queueUrl: parsed.data[ENVIRONMENT.queueUrl],
    bus: parsed.data[ENVIRONMENT.bus],
    hintQueues: parsed.data[ENVIRONMENT.hintQueues],
  };
}
