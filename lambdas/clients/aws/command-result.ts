import type { GetCommandInvocationCommandOutput } from "@aws-sdk/client-ssm";
import type { CommandResult } from "../../domain/ports/commands.ts";

/** What a journal line or an event can bear. */
const OUTPUT_CHARACTERS = 2_000;

/**
 * By the details of the status, without their blanks. The status itself says `TimedOut` for a command
 * that nobody fetched, too.
 */
const STATUSES: Readonly<Record<string, CommandResult["status"]>> = {
  Pending: "pending",
  InProgress: "pending",
  Delayed: "pending",
  Cancelling: "pending",
  Success: "success",
  TimedOut: "timed-out",
  ExecutionTimedOut: "timed-out",
  DeliveryTimedOut: "undeliverable",
  Undeliverable: "undeliverable",
  Terminated: "undeliverable",
};

/** How a command has fared; whatever else it may have come to is a failure. */
export function readResult(invocation: GetCommandInvocationCommandOutput): CommandResult {
  const { StandardOutputContent, StandardErrorContent } = invocation;
  const written = [StandardOutputContent, StandardErrorContent].map((text) => text?.trim());
  return {
    status: readStatus(invocation),
    output: written.filter(Boolean).join("\n").slice(-OUTPUT_CHARACTERS),
  };
}

/** How far a command has come on its machine. */
export function readStatus({ Status, StatusDetails }: CommandStatus): CommandResult["status"] {
  return STATUSES[(StatusDetails || Status || "").replaceAll(" ", "")] ?? "failed";
}

type CommandStatus = Pick<GetCommandInvocationCommandOutput, "Status" | "StatusDetails">;
