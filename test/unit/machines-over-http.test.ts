import { expect, test } from "vitest";
import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../local/clock.ts";
import { answer } from "../../local/consul/face/answer.ts";
import { ConsulModel } from "../../local/consul/model.ts";
import { modelConsulPort } from "../../local/consul/port.ts";
import { consulOverHttp } from "../../local/machines/consul-over-http.ts";

const ID = InstanceId.parse("i-00000000000abc001");

function inProcess(model: ConsulModel): Transport {
  return {
    address: "model:",
    async send({ method, path, headers, body = "" }) {
      const token = headers?.["X-Consul-Token"];
      const result = answer(model, { method, url: path, token, body });
      if (!result) throw new NoAnswer("model: connection refused");
      return result;
    },
    close() {},
  };
}

/** A node whose agent is stood in for, as Drover's own port sees it. */
async function setUp() {
  const clock = new VirtualClock();
  const model = new ConsulModel(clock);
  const consul = modelConsulPort(model);
  const machines = consulOverHttp(inProcess(model), clock);
  const token = await consul.issueNodeToken(ID, ID);
  const agent = { name: ID, address: "10.0.0.9", meta: { instance_id: ID }, token };
  await machines.start(agent);
  const checks = async () =>
    Object.fromEntries((await consul.checks(ID)).map(({ id, status }) => [id, status]));
  return { clock, consul, machines, checks };
}

test("a stand-in lives as long as its machine, whatever the leader makes of it", async () => {
  const { clock, consul, machines, checks } = await setUp();
  let missing = 0;
  for (let second = 0; second < 300; second++) {
    await clock.advance(1);
    if (!("serfHealth" in (await checks()))) missing++;
  }
  expect(missing).toBeLessThanOrEqual(5 * 5);
  expect(await consul.node(ID)).toMatchObject({ address: "10.0.0.9", meta: { instance_id: ID } });
  await machines.stop(ID);
  expect(await checks()).toEqual({ serfHealth: "critical" });
  await clock.advance(300);
  expect(await consul.node(ID)).toBeUndefined();
});

test("a stand-in's checks go with it", async () => {
  const { clock, machines, checks } = await setUp();
  const full = { id: "disk", status: "critical", output: "97 % of / is used" } as const;
  await machines.setCheck(ID, full);
  await clock.advance(90);
  expect(await checks()).toEqual({ serfHealth: "passing", disk: "critical" });
});

test("a stand-in that comes back from a network split is seen, until its token is gone", async () => {
  const { clock, consul, machines, checks } = await setUp();
  await machines.stop(ID);
  await consul.deregister(ID);
  await machines.resume(ID);
  await clock.advance(20);
  expect(await checks()).toEqual({ serfHealth: "passing" });
  await consul.revokeNodeToken(ID);
  await consul.deregister(ID);
  await clock.advance(60);
  expect(await consul.node(ID)).toBeUndefined();
});
