import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Hands every connection to a port of 127.0.0.1 on to an address, such as `http://127.0.0.1:4646`. */
export async function startForwarder(port: number, address: string) {
  const { hostname, port: targetPort } = new URL(address);
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(targetPort), hostname);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      // Either end may break off; the other then has to see that.
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
