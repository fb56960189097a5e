import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { consulFace } from "../../local/consul/face/server.ts";
import type { ConsulModel } from "../../local/consul/model.ts";

const NODE_CHECKS = 'ServiceID == ""';

/**
 * The model's Consul with `GET /v1/health/state/any` before it, for the one filter that the CLI uses;
 * the answers are shaped as Consul 1.8.7 gave them.
 */
export async function startConsulWithStates(model: ConsulModel) {
  const server = createServer(withStates(model, consulFace(model)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function withStates(model: ConsulModel, face: RequestListener): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://consul");
    if (url.pathname !== "/v1/health/state/any") return face(request, response);
    if (url.searchParams.get("filter") !== NODE_CHECKS) {
      response.writeHead(501).end("this filter is not modelled");
      return undefined;
    }
    const caller = model.access.caller([request.headers["x-consul-token"]].flat()[0]);
    const entries = [...model.catalog.entries.values()];
    const checks = entries
      .filter(({ name }) => model.access.mayNode(caller, "read", name))
      .flatMap((entry) =>
        [...entry.checks.values()].map((check) => ({ Node: entry.name, ...check })),
      )
      .filter(({ serviceId }) => serviceId === "")
      .map(({ Node, id, name, status, output }) => ({
        Node,
        CheckID: id,
        Name: name,
        Status: status,
        Notes: "",
        Output: output,
        ServiceID: "",
        ServiceName: "",
        ServiceTags: [],
        Type: "",
        Definition: {},
      }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(checks));
    return undefined;
  };
}
