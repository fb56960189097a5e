import * as z from "zod";
import { bodyOf } from "./body.ts";
import { type Call, Refusal, type Reply } from "./call.ts";

const Questions = z.array(
  z.object({
    Resource: z.enum(["node", "service", "agent", "acl", "operator"]),
    Access: z.enum(["read", "write"]),
    Segment: z.string().optional(),
  }),
);
type Question = z.infer<typeof Questions>[number];

/** Says what the caller's token may do. */
export function authorize(call: Call): Reply {
  if (!call.model.access.enabled) throw new Refusal(401, "ACL support disabled");
  const questions = bodyOf(call, Questions);
  return { value: questions.map((question) => ({ ...question, Allow: allows(call, question) })) };
}

function allows({ model: { access }, caller }: Call, question: Question): boolean {
  const { Access: level, Segment: name = "" } = question;
  switch (question.Resource) {
    case "node":
      return access.mayNode(caller, level, name);
    case "service":
      return access.mayService(caller, level, name);
    case "agent":
      return access.mayAgent(caller, level, name);
    case "acl":
      return access.mayAcl(caller, level);
    case "operator":
      return access.mayOperator(caller, level);
  }
}
