import { randomUUID } from "node:crypto";
import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { SERF_HEALTH } from "../../lambdas/domain/ports/consul.ts";
import { type Cancel, type ModelClock, plusSeconds } from "../clock.ts";
import type { MachineAgent, MachineConsul } from "./world.ts";

type Check = Parameters<MachineConsul["setCheck"]>[1];

interface StandIn {
  readonly agent: MachineAgent;
  readonly id: string;
  readonly checks: Map<string, Check>;
  next: Cancel | undefined;
}

/** The leader takes what Serf does not know out of the catalog once a minute; then it is put back. */
const AGAIN_SECONDS = 5;

/**
 * Stands in for agents on a Consul whose servers are real: each node is written into the catalog with
 * its own token, and with the check that a living agent has, again and again while it lives. Real
 * agents would need a process each. Serf knows nothing of them, so that the leader takes an entry out
 * now and then: for some seconds, while it "lives"; for good, when it does not any more.
 */
export function consulOverHttp(transport: Transport, clock: ModelClock): MachineConsul {
  const standIns = new Map<string, StandIn>();

  function standIn(name: string): StandIn {
    const found = standIns.get(name);
    if (!found) throw new Error(`no agent ${name} was ever started`);
    return found;
  }

  async function write({ agent, id, checks }: StandIn, alive: boolean): Promise<void> {
    const { name: Node, address: Address, meta: NodeMeta, token } = agent;
    const answer = await transport.send({
      method: "PUT",
      path: "/v1/catalog/register",
      headers: { "Content-Type": "application/json", ...(token && { "X-Consul-Token": token }) },
      body: JSON.stringify({
        ID: id,
        Node,
        Address,
        NodeMeta,
        Checks: [serf(alive), ...[...checks.values()].map(named)].map((check) => ({
          Node,
          ...check,
        })),
      }),
    });
    if (answer.status === 200) return;
    const { status, body } = answer;
    throw new NoAnswer(`consul: node ${Node} is not taken: ${status} ${body.trim()}`);
  }

  /** A refusal does not end it: an agent whose token is gone goes on trying, too. */
  function keepAlive(it: StandIn): void {
    it.next?.();
    it.next = clock.at(plusSeconds(clock.now(), AGAIN_SECONDS), async () => {
      keepAlive(it);
      try {
        await write(it, true);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    });
  }

  async function live(it: StandIn): Promise<void> {
    await write(it, true);
    keepAlive(it);
  }

  return {
    async start(agent, disk) {
      const before = standIns.get(agent.name);
      before?.next?.();
      const id = (disk?.newId ? undefined : before?.id) ?? randomUUID();
      const it = { agent, id, checks: new Map(), next: undefined };
      await live(it);
      standIns.set(agent.name, it);
    },
    async stop(name) {
      const it = standIn(name);
      it.next?.();
      it.next = undefined;
      await write(it, false);
    },
    resume: (name) => live(standIn(name)),
    async setCheck(name, check) {
      const it = standIn(name);
      it.checks.set(check.id, check);
      await write(it, true);
    },
  };
}

function serf(alive: boolean): object {
  const text = { Name: "Serf Health Status", CheckID: SERF_HEALTH };
  return alive
    ? { ...text, Status: "passing", Output: "Agent alive and reachable" }
    : { ...text, Status: "critical", Output: "Agent not live or unreachable" };
}

function named({ id, status, output }: Check): object {
  return { Name: id, CheckID: id, Status: status, Output: output };
}
