import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { AwsAnswer } from "./exchange.ts";
import type { QueryParameters } from "./query-parameters.ts";
import { ec2Error, type XmlObject, xmlAnswer, xmlError } from "./xml.ts";

type Action = (parameters: QueryParameters) => XmlObject;

/** An API in one of the two query protocols: form fields in, XML out. */
export interface QueryService {
  /** As in IAM actions: `autoscaling`, `ec2`, `sts`. */
  readonly prefix: string;
  /** The API version in each request, which tells the service. */
  readonly version: string;
  readonly protocol: "query" | "ec2";
  readonly actions: Readonly<Record<string, Action>>;
}

/** Does one call and writes the answer, or the error, in the service's XML. */
export function answerQuery(
  model: AwsModel,
  service: QueryService,
  parameters: QueryParameters,
): AwsAnswer {
  const name = parameters.required("Action");
  const { prefix, version, protocol } = service;
  const requestId = crypto.randomUUID();
  try {
    const action = service.actions[name];
    if (!action) throw new AwsError("InvalidAction", `The model has no action ${prefix}:${name}.`);
    model.faults.check(`${prefix}:${name}`);
    const output = action(parameters);
    const content =
      protocol === "ec2"
        ? { requestId, ...output }
        : { [`${name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
    const namespace = `http://${prefix}.amazonaws.com/doc/${version}/`;
    return xmlAnswer(200, { [`${name}Response`]: { "@xmlns": namespace, ...content } });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return protocol === "ec2" ? ec2Error(error) : xmlError(error);
  }
}
