import type { Template } from "aws-cdk-lib/assertions";
import type { FunctionName } from "../../../lambdas/contracts/names.ts";

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Every statement of the policies attached to the role of a function. */
export function roleStatements(template: Template, name: FunctionName): Statement[] {
  const role = { Ref: logicalId(template, "AWS::IAM::Role", idOf(name)) };
  return ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]
    .flatMap((type) => Object.values(template.findResources(type)))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles) === JSON.stringify([role]))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** Every statement of a managed policy. */
export function managedStatements(template: Template, name: string): Statement[] {
  return Object.values(template.findResources("AWS::IAM::ManagedPolicy"))
    .filter(({ Properties }) => Properties.ManagedPolicyName === name)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** What the logical ids of a function's resources begin with. */
export function idOf(name: FunctionName): string {
  return name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

export function actionsOf({ Action }: Statement): string[] {
  return [Action].flat();
}

export function resourcesOf({ Resource }: Statement): unknown[] {
  return [Resource].flat();
}

/** What the statements of a function allow. */
export function allowed(template: Template, name: FunctionName): Statement[] {
  return roleStatements(template, name).filter(({ Effect }) => Effect === "Allow");
}

/** What a function is allowed by the statements that name some action, as [actions, resources]. */
export function allowedWith(template: Template, name: FunctionName, action: string) {
  return allowed(template, name)
    .filter((statement) => actionsOf(statement).some((each) => each.startsWith(action)))
    .map((statement) => [actionsOf(statement), resourcesOf(statement)]);
}

/** What a function is allowed on exactly that resource, sorted. */
export function allowedOn(template: Template, name: FunctionName, resource: unknown): string[] {
  const wanted = JSON.stringify(resource);
  return roleStatements(template, name)
    .filter(({ Effect }) => Effect === "Allow")
    .filter((statement) => resourcesOf(statement).some((one) => JSON.stringify(one) === wanted))
    .flatMap(actionsOf)
    .sort();
}

/** The logical id of the only resource of a type whose id contains a word. */
export function logicalId(template: Template, type: string, word = ""): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.includes(word));
  const [id, ...others] = ids;
  if (!id || others.length > 0) throw new Error(`not one ${type} with ${word}: ${ids.join(", ")}`);
  return id;
}

/** The reference to a resource's ARN, as the template has it. */
export function arnOf(template: Template, type: string, word = "") {
  return { "Fn::GetAtt": [logicalId(template, type, word), "Arn"] };
}
