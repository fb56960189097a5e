import { describe, test } from "vitest";
import { VirtualClock } from "../../local/clock.ts";
import { answer } from "../../local/nomad/face/answer.ts";
import { NomadModel } from "../../local/nomad/model.ts";
import { answerOf, type Exchange, exchanges } from "../helpers/nomad-recording.ts";
import { expectAlike } from "../helpers/nomad-shapes.ts";

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
      expectAlike(ask(entry), answerOf(entry));
    },
  );
});
