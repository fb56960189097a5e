import { expect, it } from "vitest";
import { isOver } from "../../bin/cli/follow.ts";

const lines = (...texts: string[]) => texts.map((text) => ({ text }));

it("following ends with the line that says the work is finished", () => {
  expect(isOver(lines("completed hook a", "finished, drained: empty"))).toBe(true);
  expect(isOver(lines("completed hook a"))).toBe(false);
  expect(isOver([])).toBe(false);
});

it("following goes on when the instance is in work again", () => {
  expect(isOver(lines("finished, cancelled: it stays", "the Nomad node is web-1"))).toBe(false);
  expect(isOver(lines("finished, cancelled: it stays", "drained", "finished, drained"))).toBe(true);
});
