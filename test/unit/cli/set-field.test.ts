import { describe, expect, it } from "vitest";
import { setField } from "../../../bin/cli/set-field.ts";

const EVENT = {
  source: "aws.health",
  detail: { affectedEntities: [{ entityValue: "i-1", status: "PENDING" }, { entityValue: "i-2" }] },
};

describe("--set", () => {
  it("changes a field of an object in a list, and nothing beside it", () => {
    const changed = setField(EVENT, "detail.affectedEntities.0.entityValue=i-9");
    expect(changed).toEqual({
      source: "aws.health",
      detail: {
        affectedEntities: [{ entityValue: "i-9", status: "PENDING" }, { entityValue: "i-2" }],
      },
    });
    expect(EVENT.detail.affectedEntities[0]?.entityValue).toBe("i-1");
  });

  it("adds to a list at the place after the last", () => {
    const { detail } = setField(EVENT, "detail.affectedEntities.2.entityValue=i-3");
    expect(detail).toMatchObject({ affectedEntities: [{}, {}, { entityValue: "i-3" }] });
    expect(setField({ resources: ["a"] }, "resources.1=b")).toEqual({ resources: ["a", "b"] });
  });

  it("makes the objects on the way", () => {
    expect(setField({}, "detail.state.value=ALARM")).toEqual({
      detail: { state: { value: "ALARM" } },
    });
    expect(setField({ a: "x" }, "a.0=y")).toEqual({ a: { 0: "y" } });
  });

  it("keeps everything after the first = as the value", () => {
    expect(setField({}, "why=a=b")).toEqual({ why: "a=b" });
  });

  it.each([
    ["detail.affectedEntities.3.entityValue=i-9", '"3" is to be a place in a list'],
    ["detail.affectedEntities.first=i-9", "a number from 0 to 2"],
    ["detail.affectedEntities.-1=i-9", "a number from 0 to 2"],
    ["x", "write it as path=value"],
    ["a..b=c", "write it as path=value"],
  ])("refuses %s", (assignment, why) => {
    expect(() => setField(EVENT, assignment)).toThrow(`--set ${assignment}: `);
    expect(() => setField(EVENT, assignment)).toThrow(why);
  });
});
