import { expect } from "vitest";
import type { HttpAnswer } from "../../lambdas/clients/http/exchange.ts";

/** Checks that the model answers as a real Nomad did: the same status, type and list, and no field of its own. */
export function expectAlike(model: HttpAnswer | undefined, real: HttpAnswer): void {
  expect(model?.status).toBe(real.status);
  expect(model?.headers["content-type"]).toBe(real.headers["content-type"]);
  expect(model?.headers["x-nomad-nexttoken"]).toBe(real.headers["x-nomad-nexttoken"]);
  const seen = jsonOf(model?.body ?? "");
  const recorded = jsonOf(real.body);
  if (recorded === undefined) {
    expect(model?.body).toBe(real.body);
    return;
  }
  expect(idsOf(seen)).toEqual(idsOf(recorded));
  expect(shapeOf(recorded)).toMatchObject(shapeOf(seen));
}

/**
 * The same where the two are not of the same nodes: status, type, how long a list is, and no field of
 * the model's own at whatever depth.
 */
export function expectSameFields(model: HttpAnswer | undefined, real: HttpAnswer): void {
  expect(model?.status).toBe(real.status);
  expect(model?.headers["content-type"]).toBe(real.headers["content-type"]);
  const seen = jsonOf(model?.body ?? "");
  const recorded = jsonOf(real.body);
  if (Array.isArray(recorded)) expect(seen).toHaveLength(recorded.length);
  expect({ is: deepShapeOf(recorded) }).toMatchObject({ is: deepShapeOf(seen) });
}

function deepShapeOf(value: unknown): unknown {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "object" || first === null) return typeof first;
  return Object.fromEntries(
    Object.entries(first).map(([name, field]) => [name, deepShapeOf(field)]),
  );
}

/** An answer can be JSON without saying so. */
function jsonOf(body: string): unknown {
  return /^[[{"]/.test(body) ? JSON.parse(body) : undefined;
}

/** The ids in a list, in its order; they tell which nodes were listed, and how sorted. */
function idsOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map((item) => item.ID ?? item.Name) : value && 0;
}

/** The fields of an answer with their types: the model has fewer, but none of its own. */
function shapeOf(value: unknown): object {
  const first = Array.isArray(value) ? (value[0] ?? {}) : value;
  if (typeof first !== "object" || first === null) return { is: typeof first };
  const left = ["Drivers", "HostVolumes"];
  return Object.fromEntries(
    Object.entries(first)
      .filter(([name]) => !left.includes(name))
      .map(([name, field]) => [name, typeof field]),
  );
}
