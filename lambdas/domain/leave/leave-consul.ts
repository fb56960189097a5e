import { nodeName } from "../node-name.ts";
import type { Pass } from "../pass.ts";
import { type Consul, type ConsulNode, SERF_HEALTH } from "../ports/consul.ts";
import { again, next, type Step, type StepResult } from "../step.ts";

/**
 * How long an entry has to stay away. The leader makes one of each member that is alive to Serf, every
 * minute (`reconcileInterval`); of a failed one it makes none.
 */
const STAYS_AWAY_SECONDS = { alive: 75, failed: 5 };

/** Takes the node out of Consul, and looks whether it stays out: a living agent would come back. */
export const leaveConsul: Step = {
  name: "leave Consul",
  async run(pass) {
    const { consul } = pass.ports;
    const name = consul && (await nodeName(pass));
    if (!consul || !name) return next;
    const node = await consul.node(name);
    if (!node) return staysAway(pass);
    const owner = anotherOwner(pass, node);
    if (owner) {
      pass.saw(`Consul's node ${name} is ${owner} by now and is left alone`);
      return next;
    }
    return takeOut(pass, consul, node);
  },
};

async function takeOut(pass: Pass, consul: Consul, { name }: ConsulNode): Promise<StepResult> {
  const serf = (await consul.checks(name)).find(({ id }) => id === SERF_HEALTH);
  const alive = serf?.status === "passing";
  const once = pass.record.progress.consulLeft ? " again" : "";
  const done = await pass.act(`removed node ${name} from Consul${once}`, async () => {
    // Without an agent there is no member to be told about.
    if (serf) await consul.forceLeave(name);
    await consul.deregister(name);
    return "done";
  });
  if (done === "held back") return next;
  pass.progress({ consulLeft: { at: pass.now, alive } });
  const seconds = alive ? 15 : STAYS_AWAY_SECONDS.failed;
  return again(seconds, "Consul's node has to stay away: a living agent would bring it back");
}

function staysAway(pass: Pass): StepResult {
  const { consulLeft } = pass.record.progress;
  if (!consulLeft) return next;
  const away = (pass.now.getTime() - consulLeft.at.getTime()) / 1_000;
  const left = STAYS_AWAY_SECONDS[consulLeft.alive ? "alive" : "failed"] - away;
  if (left <= 0) return next;
  return again(left, "Consul's node has to stay away: a living agent would bring it back");
}

// A host's name can be another's after it, and an announced one anybody's. Where agents join under their
// instance's id, whoever has that name is the instance, whatever its metadata says.
function anotherOwner(pass: Pass, { id, meta }: ConsulNode): string | undefined {
  const { record, config } = pass;
  const isAnnounced = record.flow === "register-node";
  if (meta.instance_id === record.nodeId) return undefined;
  if (!isAnnounced && config.nodeNames === "instance-id") return undefined;
  if (meta.instance_id) return `of ${meta.instance_id}`;
  const known = record.consulNode?.id;
  if (known && id === known) return undefined;
  return isAnnounced || (known && id) ? `of agent ${id}` : undefined;
}
