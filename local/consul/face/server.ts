import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import type { HttpAnswer } from "../../../lambdas/clients/http/exchange.ts";
import { type ServedFace, serveFace } from "../../serve-face.ts";
import type { ConsulModel } from "../model.ts";
import { answerOfAgent } from "./agent-api.ts";
import { answer, type FaceRequest } from "./answer.ts";

/** Consul's HTTP API in front of the model, for a server of `node:http`. */
export function consulFace(model: ConsulModel): RequestListener {
  return faceOf((request) => answer(model, request));
}

function faceOf(answerTo: (request: FaceRequest) => HttpAnswer | undefined): RequestListener {
  return async (request, response) => {
    const bearer = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    const result = answerTo({
      method: request.method ?? "GET",
      url: request.url ?? "/",
      token: [request.headers["x-consul-token"]].flat()[0] ?? bearer,
      body: await text(request),
    });
    if (!result) {
      request.socket.destroy();
      return;
    }
    const { status, headers, body } = result;
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.end(body);
  };
}

/**
 * Serves the model's HTTP face on 127.0.0.1.
 * @param port 0 takes a free one.
 */
export function startConsulFace(model: ConsulModel, port = 0): Promise<ServedFace> {
  return serveFace(consulFace(model), port);
}

/** Serves a client agent's own API, as far as it is modelled, on a free port of 127.0.0.1. */
export function startConsulAgentFace(model: ConsulModel, name: string): Promise<ServedFace> {
  return serveFace(
    faceOf((request) => answerOfAgent(model, name, request)),
    0,
  );
}
