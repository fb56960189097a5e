import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** Parameter Store is MiniStack's; the machines' agents and Run Command are the model's. */
const OF_MINISTACK = /Parameter|Tags/;

/**
 * Systems Manager as the functions see it: one endpoint, by which each call gets to who knows about it.
 * @param model the endpoint of AWS's model.
 */
export async function startSystemsManager(port: number, model: string) {
  const miniStack = process.env.AWS_ENDPOINT_URL ?? "";
  const server = createServer((incoming, response) => {
    const call = String(incoming.headers["x-amz-target"]);
    handOn(incoming, response, OF_MINISTACK.test(call) ? miniStack : model);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function handOn(incoming: IncomingMessage, response: ServerResponse, endpoint: string): void {
  const { method, headers, url = "/" } = incoming;
  const outgoing = request(new URL(url, endpoint), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  // Whoever asked then sees that as well.
  outgoing.on("error", (error) => response.destroy(error));
  incoming.pipe(outgoing);
}
