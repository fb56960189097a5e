import * as z from "zod";
import { InstanceId } from "../ids.ts";
import { EventEnvelope } from "./envelope.ts";

/** What the names of Drover's own SSM documents begin with. */
const DOCUMENT_PREFIX = "Drover-";

/** What the names of the documents begin with by which heal-node restarts agents. */
export const RESTART_PREFIX = `${DOCUMENT_PREFIX}RestartAgents-`;

/** The SSM document that restarts a node's agents. */
export function restartDocument(deployment: string): string {
  return `${RESTART_PREFIX}${deployment}`;
}

/**
 * The one by which rotate-tokens has agents read a secret anew. It does the same; but by its name heal-node
 * finds the restarts that it has ordered, and is told of their end.
 */
export function reloadDocument(deployment: string): string {
  return `${DOCUMENT_PREFIX}ReloadAgents-${deployment}`;
}

/** What the name of a systemd unit looks like that the document takes, as part of a regular expression. */
export const UNIT_NAME = "[A-Za-z0-9][A-Za-z0-9@._-]*";

/** `EC2 Command Invocation Status-change Notification`: a command has come further on one machine. */
export const CommandEvent = EventEnvelope.extend({
  source: z.literal("aws.ssm"),
  "detail-type": z.literal("EC2 Command Invocation Status-change Notification"),
  detail: z.object({
    "command-id": z.string().min(1),
    "document-name": z
      .string()
      .startsWith(RESTART_PREFIX, "must be one of Drover's that restart agents"),
    "instance-id": InstanceId,
    status: z.string().min(1),
  }),
});
export type CommandEvent = z.infer<typeof CommandEvent>;
