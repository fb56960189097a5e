import { INSTANCE_TAG_KEY } from "../../../lambdas/contracts/introduction.ts";
import { AwsError } from "../aws-error.ts";
import type { Place } from "../context.ts";
import type { Parameter } from "./parameter.ts";
import type { ParameterStore } from "./parameter-store.ts";

/**
 * Parameter Store as an instance's role lets it use it: a policy with the condition
 * `ssm:resourceTag/drover:instance` = `${ec2:SourceInstanceARN}`. A parameter that is not there has no
 * tag, so it is denied and not "not found".
 */
export class InstanceRole {
  readonly #parameters: ParameterStore;
  readonly #arn: string;
  readonly #instanceId: string;

  constructor(parameters: ParameterStore, place: Place, instanceId: string) {
    this.#parameters = parameters;
    this.#instanceId = instanceId;
    this.#arn = `arn:aws:ec2:${place.region}:${place.account}:instance/${instanceId}`;
  }

  /** GetParameter with decryption. @throws {AwsError} AccessDeniedException. */
  read(name: string): string {
    return this.#own(name, "ssm:GetParameter").value;
  }

  /** PutParameter with `Overwrite`. @throws {AwsError} AccessDeniedException. */
  overwrite(name: string, value: string): void {
    this.#own(name, "ssm:PutParameter");
    this.#parameters.put({ name, value, overwrite: true });
  }

  #own(name: string, action: string): Parameter {
    const parameter = this.#parameters.find(name);
    if (parameter?.tags.get(INSTANCE_TAG_KEY) === this.#arn) return parameter;
    const text = `${this.#instanceId} is not authorized to perform: ${action} on resource: ${name}`;
    throw new AwsError("AccessDeniedException", text);
  }
}
