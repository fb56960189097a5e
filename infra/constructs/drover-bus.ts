import { CfnEventBusPolicy, EventBus } from "aws-cdk-lib/aws-events";
import {
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  PolicyStatement,
  type PolicyStatementProps,
} from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { NODE_SOURCE, REPLAY_SOURCE, ROTATION_SOURCE } from "../../lambdas/contracts/names.ts";

const ACCOUNT_ROOT = /^arn:[^:]+:iam::(\d{12}):root$/;

/** Drover's own bus: replayed events and announcements come in here, and outcomes are told here. */
export class DroverBus extends EventBus {
  constructor(scope: Construct, id: string, eventBusName: string) {
    super(scope, id, {
      eventBusName,
      description: "Drover: events to be worked on, and how work on a node ended",
    });
  }

  /**
   * Lets the listed principals put events that start something, and nobody else, whatever their own
   * policies say.
   * @param principals ARNs; `arn:aws:iam::…:root` stands for a whole account. Empty: whoever this
   *   account's identity policies allow.
   * @param functionRoles ARNs of Drover's own roles, which tell outcomes.
   */
  restrictTo(principals: readonly string[], functionRoles: readonly string[]): void {
    if (principals.length === 0) return;
    this.#addStatement("AllowListed", {
      principals: principals.map((arn) => new ArnPrincipal(arn)),
      conditions: {
        StringEquals: { "events:source": [REPLAY_SOURCE, NODE_SOURCE, ROTATION_SOURCE] },
      },
    });
    this.#addStatement("DenyOthers", {
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      conditions: isNone(principals, functionRoles),
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

/** The condition that the caller is none of the principals, of their accounts or of the roles. */
function isNone(
  principals: readonly string[],
  roles: readonly string[],
): Record<string, Record<string, string[]>> {
  const accounts = principals.flatMap((arn) => ACCOUNT_ROOT.exec(arn)?.[1] ?? []);
  const identities = principals.filter((arn) => !ACCOUNT_ROOT.test(arn));
  return {
    ...(accounts.length > 0 && { StringNotEquals: { "aws:PrincipalAccount": accounts } }),
    ArnNotEquals: { "aws:PrincipalArn": [...identities, ...roles] },
  };
}
