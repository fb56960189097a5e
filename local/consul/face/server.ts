import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { type ServedFace, serveFace } from "../../serve-face.ts";
import type { ConsulModel } from "../model.ts";
import { answer } from "./answer.ts";

/** Consul's HTTP API in front of the model, for a server of `node:http`. */
export function consulFace(model: ConsulModel): RequestListener {
  return async (request, response) => {
    const bearer = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    const result = answer(model, {
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
