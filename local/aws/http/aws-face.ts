import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { createDynamoDb } from "./dynamo.ts";
import type { AwsAnswer } from "./exchange.ts";
import { createRouter } from "./router.ts";
import { xmlError } from "./xml.ts";

/** A running face: what to put into `AWS_ENDPOINT_URL`, and how to end it. */
export interface AwsFace {
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Serves the model's APIs on one port in their real wire protocols, with DynamoDB beside them, so
 * that SDK clients work on it unchanged. Credentials are not looked at.
 */
export async function startAwsFace(
  model: AwsModel,
  { port = 0, host = "127.0.0.1" }: { port?: number; host?: string } = {},
): Promise<AwsFace> {
  const answer = createRouter(model);
  const dynamoDb = createDynamoDb();
  let endpoint = "";

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const target = request.headers["x-amz-target"]?.toString();
    if (target?.startsWith("DynamoDB_")) {
      const fault = dynamoFault(model, target);
      if (fault) write(response, fault);
      else dynamoDb(request, body, response);
      return;
    }
    write(response, await answer({ target, body, endpoint }));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      write(response, xmlError(new AwsError("InternalFailure", text, 500)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  endpoint = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function dynamoFault(model: AwsModel, target: string): AwsAnswer | undefined {
  try {
    model.faults.check(`dynamodb:${target.split(".").at(-1)}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ __type: error.code, message: error.message });
    return {
      status: error.status,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body,
    };
  }
}

function write(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  response.writeHead(status, headers).end(body);
}
