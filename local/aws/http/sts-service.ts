import type { AwsModel } from "../aws-model.ts";
import type { QueryService } from "./query-service.ts";

/** STS, to say whose account this is. */
export function stsService({ account }: AwsModel): QueryService {
  return {
    prefix: "sts",
    version: "2011-06-15",
    protocol: "query",
    actions: {
      GetCallerIdentity: () => ({
        Account: account,
        Arn: `arn:aws:iam::${account}:user/local`,
        UserId: "AIDALOCAL",
      }),
    },
  };
}
