import { createNodeTransport } from "../../lambdas/clients/http/node-transport.ts";
import type { Stage } from "./stage.ts";

/**
 * The floor: nothing but the eligibility writes, from as many clients with as many calls at once.
 * @returns seconds.
 */
export async function bareLoop(
  { nodeIds, nomad }: Stage,
  clients: number,
  callsAtOnce: number,
): Promise<number> {
  const left = [...nodeIds];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const transport = createNodeTransport({ ...nomad, requestTimeoutSeconds: 30, maxSockets: 5 });
      const write = async () => {
        for (let id = left.pop(); id; id = left.pop()) {
          const { status, body } = await transport.send({
            method: "POST",
            path: `/v1/node/${id}/eligibility`,
            headers: { "x-nomad-token": nomad.token, "content-type": "application/json" },
            body: JSON.stringify({ Eligibility: "ineligible" }),
          });
          if (status !== 200) throw new Error(`Nomad answered ${status}: ${body}`);
        }
      };
      await Promise.all(Array.from({ length: callsAtOnce }, write));
      transport.close();
    }),
  );
  return (performance.now() - began) / 1_000;
}
