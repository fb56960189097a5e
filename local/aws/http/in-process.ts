import { HttpResponse } from "@smithy/core/protocols";
import type { AwsModel } from "../aws-model.ts";
import { createRouter } from "./router.ts";

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Options for an SDK client right over the model: no sockets, and no second tries, which would wait in
 * real time.
 */
export function inProcessClient(model: AwsModel) {
  const answer = createRouter(model);
  const endpoint = "http://model";
  return {
    endpoint,
    region: model.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
    requestHandler: {
      async handle({ headers, body }: SdkRequest) {
        const target = headers["x-amz-target"] ?? headers["X-Amz-Target"];
        const text = typeof body === "string" ? body : decode(body);
        const result = await answer({ target, body: text, endpoint });
        const response = new HttpResponse({
          statusCode: result.status,
          headers: { ...result.headers },
          body: new TextEncoder().encode(result.body),
        });
        return { response };
      },
    },
  };
}

function decode(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
}
