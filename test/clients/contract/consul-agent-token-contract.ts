import { beforeAll, describe, expect, test } from "vitest";
import {
  type AgentTokens,
  createAgentTokens,
} from "../../../lambdas/clients/consul/rotate/agent-tokens.ts";
import type { ConsulAgents } from "../../../lambdas/contracts/config/consul-agents.ts";
import { NodeId } from "../../../lambdas/contracts/ids.ts";
import { type ConsulCluster, consulOf, serfHealth } from "./consul-cluster.ts";

const NAME = "given-1";
const ID = NodeId.parse("i-00000000000000001");
const UNKNOWN = "99999999-9999-4999-8999-999999999999";
/** An agent that is given a token compares its entry with what it has right away, not within two minutes. */
const AT_ONCE_SECONDS = 15;
const success = { result: "success" };

/** What a rotation relies on that gives running agents their token. */
export function consulAgentTokenContract(cluster: () => ConsulCluster): void {
  describe("an agent that is given a token", () => {
    let good: string;
    let given: AgentTokens;
    beforeAll(async () => {
      good = await consulOf(cluster()).issueNodeToken(NodeId.parse(`node-${NAME}`), NAME);
      // What has run out, or was revoked.
      await cluster().startAgent({ name: NAME, token: UNKNOWN, meta: { rack: "r1" } });
      await cluster().until(async () => (await serfHealth(cluster(), NAME)) === "passing", 30);
      given = await tokensBy("rotate");
    }, 90_000);

    async function tokensBy(kind: "rotate" | "reader" | undefined): Promise<AgentTokens> {
      const token = kind ? await cluster().createToken(kind) : UNKNOWN;
      return createAgentTokens({
        consul: { address: cluster().address, token: async () => token },
        addressOf: async () => "127.0.0.1",
      });
    }

    async function agents(...kinds: ConsulAgents["kinds"]): Promise<ConsulAgents> {
      const port = Number(new URL(await cluster().agentAddress(NAME)).port);
      return { groups: ["clients"], kinds, port };
    }

    async function meta(): Promise<Readonly<Record<string, string>>> {
      return (await consulOf(cluster()).node(NAME))?.meta ?? {};
    }

    test("is not, when its servers don't know the token", async () => {
      const answer = await given.set(ID, await agents("agent"), { token: UNKNOWN });
      expect(answer).toEqual({ output: "the servers it reaches don't know the token" });
    });

    test("is by those that may write agents alone", async () => {
      const mayNot = await (await tokensBy("reader")).set(ID, await agents("agent"), {
        token: good,
      });
      expect(mayNot.result).toBeUndefined();
      expect(mayNot.output).toMatch(/PUT \/v1\/agent\/token\/agent: .* 403 .*agent_prefix/);
      const nobody = await (await tokensBy(undefined)).set(ID, await agents("agent"), {
        token: good,
      });
      expect(nobody.output).toMatch(/403 \(ACL not found\)/);
      expect(JSON.stringify([mayNot, nobody])).not.toContain(good);
      expect(await meta()).toEqual({});
    });

    test("uses it at once, and is given it again without harm", { timeout: 60_000 }, async () => {
      const to = await agents("agent", "default");
      expect(await given.set(ID, to, { token: good })).toEqual(success);
      await cluster().until(async () => (await meta()).rack === "r1", AT_ONCE_SECONDS);
      expect(await given.set(ID, to, { token: good })).toEqual(success);
      const next = await consulOf(cluster()).issueNodeToken(NodeId.parse(`node-${NAME}`), NAME);
      expect(await given.set(ID, to, { token: next })).toEqual(success);
    });

    test("says so when it has no such token", async () => {
      const answer = await given.set(ID, await agents("dns"), { token: good });
      expect(answer.output).toContain('404 (Token "dns" is unknown)');
    });

    test("says nothing when it is dead", { timeout: 60_000 }, async () => {
      const to = await agents("agent");
      await cluster().killAgent(NAME);
      const answer = await given.set(ID, to, { token: good });
      expect(answer.output).toMatch(/no answer from .*Check agents.port/);
      const nowhere = createAgentTokens({
        consul: { address: cluster().address, token: async () => good },
        addressOf: async () => undefined,
      });
      const lost = await nowhere.set(ID, to, { token: good });
      expect(lost).toEqual({ output: "its machine has no private address" });
      await consulOf(cluster()).forceLeave(NAME);
      await cluster().until(async () => (await consulOf(cluster()).node(NAME)) === undefined, 30);
    });
  });
}
