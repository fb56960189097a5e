import { expect, it } from "vitest";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { AttemptId } from "../../lambdas/contracts/rotation-item.ts";
import type { Kind, Standing } from "../../lambdas/domain/rotate/kind.ts";
import { doStep } from "../../lambdas/domain/rotate/secrets-manager-step.ts";
import { workOnMessage } from "../../lambdas/domain/rotate/work-on-message.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createRotationWorld } from "../../local/rotation-ports.ts";

const GROUP = "nomad-servers";
const SECRET = "nomad/vault-token";
const PARAMETER = "/nomad/vault-token";

/** A server that knows tokens by their accessors. */
class TokenServer implements Kind {
  readonly isRenewed = false;
  readonly living = new Map<string, string>();
  readonly made = new Map<string, string>();
  #count = 0;

  async mint(attempt: AttemptId) {
    const accessor = `accessor-${this.#count++}`;
    this.living.set(accessor, `token-of-${accessor}`);
    this.made.set(accessor, attempt);
    return { accessor, value: { token: `token-of-${accessor}`, accessor } };
  }
  async madeFor(attempt: AttemptId) {
    return [...this.living.keys()].filter((accessor) => this.made.get(accessor) === attempt);
  }
  async identify({ token }: { token?: string }): Promise<Standing | undefined> {
    const found = [...this.living].find(([, value]) => value === token);
    return found && { accessor: found[0] };
  }
  async lookUp(accessor: string) {
    return this.living.has(accessor) ? { accessor } : undefined;
  }
  async test(value: { token?: string }) {
    const works = (await this.identify(value)) !== undefined;
    return works ? ({ works } as const) : ({ works, why: "403" } as const);
  }
  async revoke(accessor: string) {
    this.living.delete(accessor);
  }
}

async function start(startedBy: "schedule" | "secrets-manager", machineCount = 2) {
  const clock = new VirtualClock();
  const aws = new AwsModel({ clock });
  const server = new TokenServer();
  const rotation = Rotate.parse({
    of: [
      {
        name: "vault-token",
        kind: "vault-token",
        role: "nomad",
        secret: SECRET,
        parameter: PARAMETER,
        startedBy,
        reload: { groups: [GROUP], units: ["nomad"] },
      },
    ],
  }).of[0];
  if (!rotation) throw new Error("there is no rotation");
  const world = createRotationWorld({ aws, kindOf: () => server });
  const rotator = { rotations: [rotation], ports: world.ports };
  new QueuePoller(
    world.queue,
    async ({ Records }) => {
      for (const { body } of Records) await workOnMessage(parseMessage(body), rotator);
      return { batchItemFailures: [] };
    },
    { region: aws.region },
  );
  const machines = Array.from(
    { length: machineCount },
    (_, n) => `i-0${String(n).padStart(16, "0")}`,
  );
  aws.autoScaling.createGroup({ name: GROUP, instances: machines.map((id) => ({ id })) });
  for (const id of machines) aws.managedNodes.startAgent(id);
  const { value } = await server.mint(AttemptId.parse("20000000-0000-4000-8000-000000000000"));
  const first = aws.secrets.create(SECRET, value.token).versions[0];
  return { clock, aws, server, world, rotator, rotation, machines, first };
}

it("takes a rotation from its start to the end of the old token, over AWS's own rules", async () => {
  const { clock, aws, server, world, rotator, rotation, machines, first } = await start("schedule");
  const event = {
    kind: "rotation-requested",
    event: { detail: { name: rotation.name, dryRun: false } },
  };
  await workOnMessage(event as Parameters<typeof workOnMessage>[0], rotator);
  const isOver = async () => (await world.rotations.get(rotation.name))?.last !== undefined;
  await clock.until(isOver);
  expect([...server.living.keys()]).toEqual(["accessor-1"]);
  const { value, id } = aws.secrets.get(SECRET);
  expect(JSON.parse(value)).toEqual({ token: "token-of-accessor-1", accessor: "accessor-1" });
  expect(aws.secrets.get(SECRET, { stage: "AWSPREVIOUS" }).id).toBe(first?.id);
  expect(aws.parameters.get(PARAMETER)).toMatchObject({ value, type: "SecureString" });
  const ordered = aws.runCommand.list();
  expect(ordered.map(({ instanceId }) => instanceId).sort()).toEqual([...machines].sort());
  expect(ordered[0]).toMatchObject({
    documentName: "Drover-ReloadAgents-test",
    parameters: { Units: ["nomad"], Action: ["reload"] },
  });
  expect(world.told()).toMatchObject([{ name: rotation.name, outcome: "rotated" }]);
  expect(await world.rotations.get(rotation.name)).toMatchObject({ last: { attempt: id } });
  expect(JSON.stringify(world.journal.all())).not.toContain("token-of-");
  expect(world.deadLetters.bodies()).toEqual([]);
});

it("does the four steps of Secrets Manager, each twice", async () => {
  const { clock, aws, server, world, rotator, rotation, first } = await start("secrets-manager");
  const { id } = aws.secrets.beginRotation(SECRET);
  const ClientRequestToken = AttemptId.parse(id);
  const SecretId = aws.secrets.secret(SECRET).arn;
  for (const Step of ["createSecret", "setSecret", "testSecret", "finishSecret"] as const) {
    await doStep({ Step, SecretId, ClientRequestToken }, rotator);
    await doStep({ Step, SecretId, ClientRequestToken }, rotator);
    expect(aws.secrets.get(SECRET).id).toBe(Step === "finishSecret" ? id : first?.id);
  }
  const isOver = async () => (await world.rotations.get(rotation.name))?.last !== undefined;
  await clock.until(isOver);
  expect([...server.living.keys()]).toEqual(["accessor-1"]);
  expect(aws.secrets.secret(SECRET).versions.find((each) => each.id === id)?.stages).toEqual(
    new Set(["AWSCURRENT"]),
  );
});

it("keeps the old token when a machine can't read the new one, and gives the secret back", async () => {
  const { clock, aws, server, world, rotation, machines, first } = await start("schedule");
  const [broken = ""] = machines;
  aws.runCommand.execute = ({ instanceId }) => {
    const isBroken = instanceId === broken && aws.secrets.get(SECRET).id !== first?.id;
    return { exitStatus: isBroken ? 1 : 0, output: isBroken ? "nomad is failed" : "" };
  };
  await world.ports.queue.send(
    { rotation: rotation.name, ask: { kind: "start", by: "schedule" } },
    0,
  );
  const isOver = async () => (await world.rotations.get(rotation.name))?.last !== undefined;
  await clock.until(isOver);
  expect([...server.living.keys()]).toEqual(["accessor-0"]);
  expect(aws.secrets.get(SECRET).id).toBe(first?.id);
  expect(JSON.parse(aws.parameters.get(PARAMETER).value)).toEqual({ token: "token-of-accessor-0" });
  expect(world.told()).toMatchObject([
    { outcome: "taken-back", why: expect.stringContaining(broken) },
  ]);
});

it("tells of a few by name when none of many machines but the first can read it", async () => {
  const { clock, aws, world, rotation, machines } = await start("schedule", 60);
  aws.runCommand.execute = ({ instanceId }) => ({
    exitStatus: instanceId === machines[0] ? 0 : 1,
    output: "x".repeat(24_000),
  });
  await world.ports.queue.send(
    { rotation: rotation.name, ask: { kind: "start", by: "schedule" } },
    0,
  );
  await clock.until(() => world.told().length > 0);
  const why = world.told()[0]?.why ?? "";
  expect(why).toMatch(/; and 49 more$/);
  expect(why.length).toBeLessThan(10_000);
  const record = await world.rotations.get(rotation.name);
  expect(JSON.stringify(record).length).toBeLessThan(60 * 500);
});
