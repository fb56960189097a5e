import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LOCAL_CONFIG } from "../../local/local-config.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";
import { runCli } from "../helpers/run-cli.ts";

const [FIRST = "", SECOND = ""] = DEFAULT_LOCAL_CONFIG.groups[0]?.instances ?? [];
const TERMINATE_EVENT = "test/fixtures/events/terminate-lifecycle-action.json";

let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({
    config: DEFAULT_LOCAL_CONFIG,
    // Consul misses an agent within 10 s; before, its node would have to be watched for longer.
    timings: { ec2: { shuttingDownSeconds: 11 }, downAfter: { least: 1, most: 2 } },
  });
  stack.cluster.nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: 4 });
});
afterAll(() => stack.stop());

const drover = (...args: string[]) => runCli(args, stack.environment);

describe("a scale-in on the local stack, seen through the CLI", () => {
  it("begins with nothing in work", async () => {
    expect((await drover("status")).stdout).toBe("no node is in work\n");
    expect((await drover("status", "--json")).stdout).toBe("[]\n");
    const { stdout } = await drover("history", FIRST);
    expect(stdout).toBe(`nothing is written about ${FIRST}\n`);
    const external = await drover("history", "frankfurt-7");
    expect(external.stdout).toBe("nothing is written about frankfurt-7\n");
  });

  it("is followed to its end, with the hook completed after the last task", async () => {
    stack.cluster.aws.autoScaling.terminateInstance(FIRST, true);
    const following = drover("history", FIRST, "--follow", "--json");
    await expect
      .poll(async () => JSON.parse((await drover("status", "--json")).stdout), { timeout: 10_000 })
      .toMatchObject([{ nodeId: FIRST, group: "nomad-clients" }]);
    expect((await drover("status")).stdout).toMatch(
      /i-00000000000abc000 .* nomad-clients .* terminate-hook .* in 8\d\d s/,
    );

    const { code, stdout } = await following;
    expect(code).toBe(0);
    const deeds = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === "did")
      .map(({ step }) => step);
    const cleanUps = ["clean up", "clean up", "clean up"];
    expect(deeds).toEqual(["make ineligible", "drain", "complete the hook", ...cleanUps]);
    expect(stack.cluster.killed).toEqual([]);
    expect(stack.cluster.aws.ec2.find(FIRST)?.state).toBe("terminated");
    expect((await drover("status")).stdout).toBe("no node is in work\n");
  });

  it("is shown as a timeline, plain when it is no terminal", async () => {
    const { stdout } = await drover("history", FIRST);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} +\+0\.0s {2}find the node /);
    expect(stdout).toContain("* completed hook drover-terminate with CONTINUE");
    expect(stdout).not.toContain("\u001b[");
  });
});

describe("put-event", () => {
  it("replays an event, which does not touch a node in service", async () => {
    const set = ["--now", "--set", `detail.EC2InstanceId=${SECOND}`];
    const { code, stdout } = await drover("put-event", TERMINATE_EVENT, ...set);
    expect(stdout).toContain("put EC2 Instance-terminate Lifecycle Action on drover-local");
    expect(code).toBe(0);
    await expect
      .poll(async () => (await drover("history", SECOND)).stdout, { timeout: 10_000 })
      .toContain("the event says the instance leaves, but its group says InService");
    const node = stack.cluster.nomad.node(stack.cluster.nodeId(SECOND));
    expect(node).toMatchObject({ eligible: true, drain: null });
  });

  it("reads standard input, and answers in JSON", async () => {
    const event = { source: "acme", "detail-type": "Something" };
    const args = ["put-event", "-", "--no-check", "--json"];
    const { stdout } = await runCli(args, stack.environment, JSON.stringify(event));
    expect(JSON.parse(stdout)).toMatchObject({ bus: "drover-local" });
  });

  it.each([
    ["no JSON", "{", "standard input holds no event: "],
    ["no object", "7", "standard input holds no event: it is not an object"],
    ["another event", '{"source":"x"}', "standard input: id: "],
  ])("refuses %s", async (_, input, reason) => {
    const { code, stderr } = await runCli(["put-event", "-"], stack.environment, input);
    expect(stderr).toContain(`drover: `);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(1);
  });

  it("refuses an event whose deadline would have passed, unless told to put it", async () => {
    const { code, stderr } = await drover("put-event", TERMINATE_EVENT);
    expect(stderr).toMatch(/^drover: .*: time: .* its deadline would have passed: add --now/);
    expect(code).toBe(1);
    expect((await drover("put-event", TERMINATE_EVENT, "--no-check")).code).toBe(0);
  });

  it("says when the bus is not there", async () => {
    const { code, stderr } = await drover("put-event", TERMINATE_EVENT, "--now", "--bus", "other");
    expect(stderr).toBe(
      "drover: other refused it: ResourceNotFoundException: Event bus other does not exist.\n",
    );
    expect(code).toBe(1);
  });
});

describe("mistakes", () => {
  it.each([
    [
      ["history", "web/1"],
      {},
      "drover: web/1 is no node id: it must be an instance id, or a name of letters, digits,",
    ],
    [
      ["status"],
      { DROVER_TABLE: undefined },
      "drover: say which: pass --table, or set DROVER_TABLE",
    ],
    [["status"], { DROVER_TABLE: "nope" }, "is it the right name, account and region?"],
    [["status"], { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, "nothing listens there"],
    [["put-event", "missing.json"], {}, "drover: missing.json holds no event: ENOENT"],
    [["put-event", TERMINATE_EVENT, "--set", "x"], {}, "--set x: write it as path=value"],
    [["local", "--port", "http"], {}, "a port is a whole number from 0 to 65535."],
    [["local", "--config", "missing.yaml"], {}, "drover: can't read missing.yaml"],
    [
      ["status"],
      { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: "/dev/null" },
      "drover: Region is missing (set AWS_REGION",
    ],
    [["node"], {}, "unknown command 'node'"],
  ])("%j say what is wrong, in a line and with code 1", async (args, environment, message) => {
    const { code, stderr } = await runCli(args, { ...stack.environment, ...environment });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(1);
  });

  it("a port that is taken is said with what to do", async () => {
    const { port } = new URL(stack.awsEndpoint);
    const { code, stderr } = await drover("local", "--port", port);
    expect(stderr).toMatch(/^drover: .*EADDRINUSE.* \(pass another port with --port\)\n$/);
    expect(code).toBe(1);
  });
});
