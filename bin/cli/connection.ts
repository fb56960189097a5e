import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { UserError } from "./failure.ts";

/** An option's value, or the environment variable's. @throws {UserError} naming both. */
export function given(option: string, value: string | undefined, variable: string): string {
  const found = value ?? process.env[variable];
  if (found) return found;
  throw new UserError(`say which: pass ${option}, or set ${variable} (an output of the stack)`);
}

/** The table and a client to read it with. */
export interface TableConnection {
  readonly table: string;
  readonly documents: DynamoDBDocumentClient;
}

export function connectTable(table: string | undefined): TableConnection {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  return { table: given("--table", table, ENVIRONMENT.table), documents };
}
