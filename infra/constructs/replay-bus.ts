import { CfnEventBusPolicy, EventBus } from "aws-cdk-lib/aws-events";
import {
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  PolicyStatement,
  type PolicyStatementProps,
} from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { REPLAY_SOURCE } from "../../lambdas/contracts/names.ts";

const ACCOUNT_ROOT = /^arn:[^:]+:iam::(\d{12}):root$/;

export interface ReplayBusProps {
  readonly eventBusName: string;
  /**
   * ARNs of who may put events; `arn:aws:iam::…:root` stands for a whole account. Nobody else can,
   * whatever their own policies say. Empty: whoever this account's identity policies allow.
   */
  readonly principals: readonly string[];
}

/** Drover's own bus: events for a replay come in here. */
export class ReplayBus extends EventBus {
  constructor(scope: Construct, id: string, { eventBusName, principals }: ReplayBusProps) {
    super(scope, id, {
      eventBusName,
      description: "Drover: events put here are worked on as if AWS had sent them",
    });
    if (principals.length === 0) return;
    this.#addStatement("AllowListed", {
      principals: principals.map((arn) => new ArnPrincipal(arn)),
      conditions: { StringEquals: { "events:source": REPLAY_SOURCE } },
    });
    this.#addStatement("DenyOthers", {
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      conditions: isNone(principals),
    });
  }

  #addStatement(sid: string, props: PolicyStatementProps): void {
    const statement = new PolicyStatement({
      sid,
      actions: ["events:PutEvents"],
      resources: [this.eventBusArn],
      ...props,
    });
    new CfnEventBusPolicy(this, sid, {
      eventBusName: this.eventBusName,
      statementId: sid,
      statement: statement.toStatementJson(),
    });
  }
}

/** The condition that the caller is none of the principals and of none of their accounts. */
function isNone(principals: readonly string[]): Record<string, Record<string, string[]>> {
  const accounts = principals.flatMap((arn) => ACCOUNT_ROOT.exec(arn)?.[1] ?? []);
  const identities = principals.filter((arn) => !ACCOUNT_ROOT.test(arn));
  return {
    ...(accounts.length > 0 && { StringNotEquals: { "aws:PrincipalAccount": accounts } }),
    ...(identities.length > 0 && { ArnNotEquals: { "aws:PrincipalArn": identities } }),
  };
}
