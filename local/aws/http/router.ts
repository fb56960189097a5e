import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { autoScalingService } from "./auto-scaling-service.ts";
import { ec2Service } from "./ec2-service.ts";
import { eventBridgeService } from "./event-bridge-service.ts";
import type { AwsAnswer, AwsRequest } from "./exchange.ts";
import { answerJson } from "./json-service.ts";
import { QueryParameters } from "./query-parameters.ts";
import { answerQuery } from "./query-service.ts";
import { secretsManagerService } from "./secrets-manager-service.ts";
import { sqsService } from "./sqs-service.ts";
import { ssmService } from "./ssm-service.ts";
import { stsService } from "./sts-service.ts";
import { xmlError } from "./xml.ts";

/** Answers a request to any of the model's services. */
export type Router = (request: AwsRequest) => AwsAnswer | Promise<AwsAnswer>;

/** Finds the service: by the target of the JSON protocols, by the version of the query protocols. */
export function createRouter(model: AwsModel): Router {
  const json = [
    sqsService(model),
    eventBridgeService(model),
    secretsManagerService(model),
    ssmService(model),
  ];
  const query = [autoScalingService(model), ec2Service(model), stsService(model)];
  return (request) => {
    if (request.target !== undefined) {
      const service = json.find(({ target }) => request.target?.startsWith(`${target}.`));
      if (service) return answerJson(model, service, request);
    }
    const parameters = new QueryParameters(request.body);
    const service = query.find(({ version }) => version === parameters.text("Version"));
    if (service) return answerQuery(model, service, parameters);
    const asked = request.target ?? parameters.text("Action") ?? "without an action";
    const problem = `No service of the model answers to ${asked}.`;
    return xmlError(new AwsError("InvalidAction", problem));
  };
}
