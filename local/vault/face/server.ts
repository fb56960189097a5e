import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { type ServedFace, serveFace } from "../../serve-face.ts";
import type { VaultModel } from "../model.ts";
import { answer } from "./answer.ts";

/** Vault's HTTP API in front of the model, for a server of `node:http`. That knows no `LIST`. */
function vaultFace(model: VaultModel): RequestListener {
  return async (request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat()[0]]),
    );
    const { method = "GET", url = "/" } = request;
    const result = await answer(model, { method, url, headers, body: await text(request) });
    if (!result) {
      request.socket.destroy();
      return;
    }
    const length = { "content-length": Buffer.byteLength(result.body) };
    response.writeHead(result.status, { ...result.headers, ...(result.body && length) });
    response.end(result.body);
  };
}

/**
 * Serves the model's HTTP face on 127.0.0.1.
 * @param port 0 takes a free one.
 */
export function startVaultFace(model: VaultModel, port = 0): Promise<ServedFace> {
  return serveFace(vaultFace(model), port);
}
