import type { RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { plusSeconds } from "../../clock.ts";
import { type ServedFace, serveFace } from "../../serve-face.ts";
import type { NomadModel } from "../model.ts";
import { answer } from "./answer.ts";

/** Nomad's HTTP API in front of the model, for a server of `node:http`. */
export function nomadFace(model: NomadModel): RequestListener {
  return async (request, response) => {
    const bearer = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    const result = answer(model, {
      method: request.method ?? "GET",
      url: request.url ?? "/",
      token: [request.headers["x-nomad-token"]].flat()[0] ?? bearer,
      body: await text(request),
    });
    await latency(model);
    if (!result) {
      request.socket.destroy();
      return;
    }
    send(response, result);
  };
}

/**
 * Serves the model's HTTP face on 127.0.0.1.
 * @param port 0 takes a free one.
 */
export function startNomadFace(model: NomadModel, port = 0): Promise<ServedFace> {
  return serveFace(nomadFace(model), port);
}

async function latency(model: NomadModel): Promise<void> {
  const { latencySeconds } = model.faults;
  if (latencySeconds === 0) return;
  const { agenda } = model.state;
  await new Promise<void>((resolve) => {
    agenda.at(plusSeconds(agenda.now(), latencySeconds), resolve);
  });
}

function send(
  response: ServerResponse,
  { status, headers, body }: NonNullable<ReturnType<typeof answer>>,
): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
