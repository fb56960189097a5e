import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { OUTCOME_SOURCE } from "../../lambdas/contracts/names.ts";
import { TABLE } from "../../lambdas/contracts/table.ts";
import type { Permissions } from "../constructs/function-role.ts";

/** Reading and writing the table by key. */
export function useTable(table: ITable, ...more: readonly string[]): Permissions {
  const actions = ["dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem", ...more];
  return {
    statements: [new PolicyStatement({ actions, resources: [table.tableArn] })],
    wildcards: {},
  };
}

/** Looking for records whose time has passed, reading many at once, and keeping an item of one's own. */
export function surveyTable(table: ITable): Permissions {
  const index = `${table.tableArn}/index/${TABLE.overdueIndex}`;
  const actions = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"];
  return {
    statements: [
      new PolicyStatement({ actions: ["dynamodb:Query"], resources: [index] }),
      new PolicyStatement({ actions, resources: [table.tableArn] }),
    ],
    wildcards: {},
  };
}

/** Telling outcomes on Drover's bus; what starts a function there can't be put by one. */
export function tellOutcomes(bus: IEventBus): Permissions {
  return {
    statements: [
      new PolicyStatement({
        actions: ["events:PutEvents"],
        resources: [bus.eventBusArn],
        conditions: { StringEquals: { "events:source": OUTCOME_SOURCE } },
      }),
    ],
    wildcards: {},
  };
}
