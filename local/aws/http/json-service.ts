import type * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { AwsAnswer, AwsRequest } from "./exchange.ts";

type Action = (input: unknown, request: AwsRequest) => unknown;

/** An API in AWS's JSON protocol. */
export interface JsonService {
  /** As in IAM actions: `sqs`, `events`, `secretsmanager`. */
  readonly prefix: string;
  /** What stands before the action in `X-Amz-Target`. */
  readonly target: string;
  readonly contentType: string;
  readonly actions: Readonly<Record<string, Action>>;
  /** The IAM actions of those that have one of another name. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** The code in the header `x-amzn-query-error`, for services that spoke XML once. */
  readonly queryErrorCode?: (code: string) => string;
}

/** An action whose input is checked first. */
export function jsonAction<S extends z.ZodType>(
  schema: S,
  work: (input: z.output<S>, request: AwsRequest) => unknown,
): Action {
  return (input, request) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return work(parsed.data, request);
    const [issue] = parsed.error.issues;
    const text = `1 validation error detected: ${issue?.path.join(".")}: ${issue?.message}`;
    throw new AwsError("ValidationException", text);
  };
}

/** Does one call and writes the answer, or the error, in JSON. */
export async function answerJson(
  model: AwsModel,
  service: JsonService,
  request: AwsRequest,
): Promise<AwsAnswer> {
  const name = request.target?.split(".").at(-1) ?? "";
  const headers = { "content-type": service.contentType };
  try {
    const action = service.actions[name];
    if (!action) {
      const text = `The model has no action ${service.prefix}:${name}.`;
      throw new AwsError("UnknownOperationException", text);
    }
    model.faults.check(`${service.prefix}:${service.permissions?.[name] ?? name}`);
    const output = await action(JSON.parse(request.body || "{}"), request);
    return { status: 200, headers, body: JSON.stringify(output ?? {}) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const fault = error.status < 500 ? "Sender" : "Receiver";
    const code = service.queryErrorCode?.(error.code);
    return {
      status: error.status,
      headers: { ...headers, ...(code && { "x-amzn-query-error": `${code};${fault}` }) },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    };
  }
}
