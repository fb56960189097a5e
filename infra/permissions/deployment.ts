import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { Config } from "../../lambdas/contracts/config.ts";

/** What the functions of a deployment share. */
export interface Deployment {
  readonly config: Config;
  readonly table: ITable;
  readonly bus: IEventBus;
}
