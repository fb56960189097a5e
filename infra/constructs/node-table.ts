import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { TABLE } from "../../lambdas/contracts/table.ts";

/** The one table: node records, their journal, and the operator's switch. It outlives the stack. */
export class NodeTable extends Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TABLE.expiresAt,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.addGlobalSecondaryIndex({
      indexName: TABLE.unfinishedIndex,
      partitionKey: { name: TABLE.unfinishedPartitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.unfinishedSortKey, type: AttributeType.STRING },
      // With keys alone, a write that leaves them as they are writes nothing there.
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.addGlobalSecondaryIndex({
      indexName: TABLE.overdueIndex,
      partitionKey: { name: TABLE.unfinishedPartitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE.overdueSortKey, type: AttributeType.STRING },
      // What the sweep needs to send a tick again, so that it reads no record for it. Every write of a pass
      // goes through this index: that is why its key has many values.
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...TABLE.overdueAttributes],
    });
  }
}
