import { expect, it } from "vitest";
import { Chronicle } from "../../../bin/cli/chronicle.ts";

const START = new Date("2026-01-01T00:00:00Z");
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

function setUp() {
  const printed: string[] = [];
  const chronicle = new Chronicle(START, (text) => void printed.push(text));
  const add = (seconds: number, text: string) =>
    chronicle.add({ at: at(seconds), who: "Nomad", kind: "saw", text });
  const texts = () => printed.map((line) => line.split("  ").at(-1)?.trim());
  return { chronicle, add, texts };
}

it("prints in the order in which things happened, whoever was heard first", () => {
  const { chronicle, add, texts } = setUp();
  add(2, "second");
  add(1, "first");
  add(2, "second, too");
  chronicle.printSettled(at(10));
  expect(texts()).toEqual(["first", "second", "second, too"]);
});

it("holds back what something may still come before", () => {
  const { chronicle, add, texts } = setUp();
  add(1, "settled");
  add(2, "fresh");
  chronicle.printSettled(at(2.1));
  expect(texts()).toEqual(["settled"]);
  add(1.9, "late");
  chronicle.printSettled(at(3));
  expect(texts()).toEqual(["settled", "late", "fresh"]);
});

it("prints all there is before a chapter", () => {
  const { chronicle, add, texts } = setUp();
  add(5, "just now");
  chronicle.chapter("the next part");
  expect(texts()).toEqual(["just now", "the next part"]);
});
