import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../local/clock.ts";
import { answer } from "../../local/nomad/face/answer.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { answerOf, type Exchange, exchanges } from "../helpers/nomad-recording.ts";

/** The three clients of the recordings. */
const CLIENTS = [
  ["79baf8c1-754c-e2b5-5963-0458f648b7cd", "i-00000000000abc001"],
  ["e821c526-e5d5-d94a-ee06-4e396e350b4e", "i-00000000000abc002"],
  ["007de46b-6869-bc55-d7e3-f9321640a11b", "i-00000000000abc000"],
] as const;

function ask({ request }: Exchange) {
  const model = new NomadModel(new VirtualClock());
  for (const [id, instanceId] of CLIENTS) model.addNode({ id, instanceId });
  const tokens = { management: model.managementToken, scoped: "unknown", none: undefined };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) query.set(name, `${value}`);
  const { body } = request;
  return answer(model, {
    method: request.method,
    url: `${request.path}?${query}`,
    token: tokens[request.token],
    body: typeof body === "string" ? body : body === null ? "" : JSON.stringify(body),
  });
}

const entries = [...exchanges("reading"), ...exchanges("mistakes")];

describe("the model's face answers as a real Nomad did", () => {
  test.each(entries.map((entry, number) => [number, entry.name, entry] as const))(
    "%i %s",
    (_number, _name, entry) => {
      const real = answerOf(entry);
      const model = ask(entry);
      expect(model?.status).toBe(real.status);
      expect(model?.headers["content-type"]).toBe(real.headers["content-type"]);
      expect(model?.headers["x-nomad-nexttoken"]).toBe(real.headers["x-nomad-nexttoken"]);
      if (real.headers["content-type"] !== "application/json") {
        expect(model?.body).toBe(real.body);
        return;
      }
      const [seen, recorded] = [JSON.parse(model?.body ?? ""), JSON.parse(real.body)];
      expect(idsOf(seen)).toEqual(idsOf(recorded));
      expect(shapeOf(recorded)).toMatchObject(shapeOf(seen));
    },
  );
});

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
