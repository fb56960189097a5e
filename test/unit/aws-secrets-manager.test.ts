import { describe, expect, it } from "vitest";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { VirtualClock } from "../../local/clock.ts";

const SECRET = "nomad/token";
const id = (n: number) => `10000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const DAY = 86_400;

function start() {
  const clock = new VirtualClock();
  const { secrets } = new AwsModel({ clock });
  const stages = (versionId: string) => [
    ...(secrets.secret(SECRET).versions.find((each) => each.id === versionId)?.stages ?? []),
  ];
  return { clock, secrets, stages };
}

describe("a secret's first version", () => {
  it("is current, whatever labels were asked for", () => {
    const { secrets, stages } = start();
    secrets.create(SECRET);
    expect(() => secrets.get(SECRET)).toThrow(/staging label: AWSCURRENT/);
    secrets.put(SECRET, "one", ["AWSPENDING"], id(1));
    expect(stages(id(1)).sort()).toEqual(["AWSCURRENT", "AWSPENDING"]);
  });

  it("is made once: by the same token and value again, and by nothing else", () => {
    const { secrets } = start();
    const made = secrets.create(SECRET, "one", id(1));
    expect(secrets.create(SECRET, "one", id(1))).toBe(made);
    expect(() => secrets.create(SECRET, "two", id(1))).toThrow(/already exists/);
    expect(() => secrets.create(SECRET, "one")).toThrow(/already exists/);
  });
});

describe("a new version", () => {
  it("is current unless it is said otherwise, and the one before is the previous one", () => {
    const { secrets, stages } = start();
    secrets.create(SECRET, "one", id(1));
    secrets.put(SECRET, "two", undefined, id(2));
    expect([stages(id(1)), stages(id(2))]).toEqual([["AWSPREVIOUS"], ["AWSCURRENT"]]);
    secrets.put(SECRET, "three", undefined, id(3));
    expect([stages(id(1)), stages(id(2))]).toEqual([[], ["AWSPREVIOUS"]]);
  });

  it("that is pending leaves the current one alone", () => {
    const { secrets } = start();
    secrets.create(SECRET, "one");
    secrets.put(SECRET, "two", ["AWSPENDING"], id(2));
    secrets.put(SECRET, "three", ["AWSPENDING"], id(3));
    expect(secrets.get(SECRET).value).toBe("one");
    expect(secrets.get(SECRET, { stage: "AWSPENDING" }).id).toBe(id(3));
    expect(secrets.get(SECRET, { versionId: id(2) }).value).toBe("two");
  });

  it("with the id of another keeps that one's value", () => {
    const { secrets, stages } = start();
    secrets.create(SECRET, "one", id(1));
    secrets.put(SECRET, "two", ["AWSPENDING"], id(2));
    secrets.put(SECRET, "two", ["AWSCURRENT"], id(2));
    expect(stages(id(2))).toEqual(["AWSPENDING"]);
    expect(() => secrets.put(SECRET, "three", ["AWSPENDING"], id(2))).toThrow(
      expect.objectContaining({ code: "ResourceExistsException" }),
    );
    expect(secrets.get(SECRET, { versionId: id(2) }).value).toBe("two");
  });
});

describe("a rotation that Secrets Manager begins", () => {
  it("has a pending version without a value, until somebody gives it one", () => {
    const { secrets } = start();
    secrets.create(SECRET, "one");
    const { id: begun } = secrets.beginRotation(SECRET);
    expect(() => secrets.get(SECRET, { versionId: begun })).toThrow(
      expect.objectContaining({ code: "ResourceNotFoundException" }),
    );
    secrets.put(SECRET, "two", ["AWSPENDING"], begun);
    expect(secrets.get(SECRET, { stage: "AWSPENDING", versionId: begun }).value).toBe("two");
    expect(() => secrets.get(SECRET, { stage: "AWSCURRENT", versionId: begun })).toThrow(
      expect.objectContaining({ code: "InvalidRequestException" }),
    );
  });

  // As an empty secret is described in aws-samples/aws-secrets-manager-rotation-lambdas#16.
  it("begins of a secret without a value, too, and then no version is current", () => {
    const { secrets, stages } = start();
    secrets.create(SECRET);
    const { id: begun } = secrets.beginRotation(SECRET);
    expect(stages(begun)).toEqual(["AWSPENDING"]);
    expect(() => secrets.get(SECRET)).toThrow(
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  });

  it("waits for the one before, whose version is current or no longer pending at its end", () => {
    const { secrets } = start();
    const first = secrets.create(SECRET, "one").versions[0]?.id;
    const { id: begun } = secrets.beginRotation(SECRET);
    expect(() => secrets.beginRotation(SECRET)).toThrow(/previous rotation isn't complete/);
    secrets.put(SECRET, "two", ["AWSPENDING"], begun);
    secrets.moveStage(SECRET, { stage: "AWSCURRENT", removeFrom: first, moveTo: begun });
    const { id: next } = secrets.beginRotation(SECRET);
    expect(() => secrets.beginRotation(SECRET)).toThrow(/previous rotation isn't complete/);
    secrets.moveStage(SECRET, { stage: "AWSPENDING", removeFrom: next });
    secrets.beginRotation(SECRET);
  });
});

describe("a staging label", () => {
  function withTwo() {
    const world = start();
    world.secrets.create(SECRET, "one", id(1));
    world.secrets.put(SECRET, "two", ["AWSPENDING"], id(2));
    return world;
  }

  it("moves, and AWSPREVIOUS follows AWSCURRENT both there and back", () => {
    const { secrets, stages } = withTwo();
    secrets.moveStage(SECRET, { stage: "AWSCURRENT", removeFrom: id(1), moveTo: id(2) });
    expect([stages(id(1)), stages(id(2)).sort()]).toEqual([
      ["AWSPREVIOUS"],
      ["AWSCURRENT", "AWSPENDING"],
    ]);
    secrets.moveStage(SECRET, { stage: "AWSPENDING", removeFrom: id(2) });
    secrets.moveStage(SECRET, { stage: "AWSCURRENT", removeFrom: id(2), moveTo: id(1) });
    expect([stages(id(1)), stages(id(2))]).toEqual([["AWSCURRENT"], ["AWSPREVIOUS"]]);
  });

  it("moves once: to where it is already, nothing is done", () => {
    const { secrets, stages } = withTwo();
    secrets.moveStage(SECRET, { stage: "AWSCURRENT", moveTo: id(1) });
    expect(stages(id(1))).toEqual(["AWSCURRENT"]);
  });

  it.each([
    ["from nowhere", { stage: "AWSCURRENT", moveTo: id(2) }, /RemoveFromVersionId can't be empty/],
    [
      "from a version without it",
      { stage: "AWSCURRENT", removeFrom: id(2), moveTo: id(2) },
      /must/,
    ],
    ["from there for good", { stage: "AWSCURRENT", removeFrom: id(1) }, /completely removed/],
    ["off a version without it", { stage: "AWSPENDING", removeFrom: id(1) }, /must be set/],
  ])("does not move %s", (_, move, text) => {
    const { secrets, stages } = withTwo();
    expect(() => secrets.moveStage(SECRET, move)).toThrow(
      expect.objectContaining({
        code: "InvalidParameterException",
        message: expect.stringMatching(text),
      }),
    );
    expect([stages(id(1)), stages(id(2))]).toEqual([["AWSCURRENT"], ["AWSPENDING"]]);
  });

  it("does not move to a version that is not there", () => {
    const { secrets } = withTwo();
    const move = { stage: "AWSCURRENT", removeFrom: id(1), moveTo: id(3) };
    expect(() => secrets.moveStage(SECRET, move)).toThrow(
      expect.objectContaining({ code: "ResourceNotFoundException" }),
    );
  });
});

describe("more than a hundred versions", () => {
  it("are not kept: the oldest without a label goes, once it is a day old", async () => {
    const { clock, secrets } = start();
    secrets.create(SECRET, "0", id(0));
    for (let n = 1; n < 100; n++) secrets.put(SECRET, String(n), undefined, id(n));
    expect(() => secrets.put(SECRET, "100", undefined, id(100))).toThrow(
      expect.objectContaining({ code: "LimitExceededException" }),
    );
    await clock.advance(DAY);
    secrets.put(SECRET, "100", undefined, id(100));
    expect(() => secrets.get(SECRET, { versionId: id(0) })).toThrow(/can't find/);
    expect(secrets.get(SECRET, { stage: "AWSPREVIOUS" }).id).toBe(id(99));
  });
});

it("says whenever versions or their labels have changed", () => {
  const { secrets } = start();
  const heard: string[][] = [];
  secrets.onChange(({ versions }) =>
    heard.push(versions.map((each) => `${each.id.slice(-1)} ${[...each.stages]}`)),
  );
  secrets.create(SECRET, "one", id(1));
  secrets.put(SECRET, "two", ["AWSPENDING"], id(2));
  secrets.moveStage(SECRET, { stage: "AWSPENDING", removeFrom: id(2) });
  secrets.beginRotation(SECRET, id(3));
  expect(heard).toEqual([
    ["1 AWSCURRENT"],
    ["1 AWSCURRENT", "2 AWSPENDING"],
    ["1 AWSCURRENT", "2 "],
    ["1 AWSCURRENT", "2 ", "3 AWSPENDING"],
  ]);
});
