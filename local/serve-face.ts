import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A face that is served. */
export interface ServedFace {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves a model's HTTP face on 127.0.0.1.
 * @param port 0 takes a free one.
 */
export async function serveFace(face: RequestListener, port: number): Promise<ServedFace> {
  const server = createServer(face);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
