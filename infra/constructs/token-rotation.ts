import { Duration } from "aws-cdk-lib";
import type { IManagedPolicy, IRole } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import {
  isPublished,
  type RotateConfig,
  wrappedOf,
} from "../../lambdas/contracts/config/rotate.ts";
import { ReloadDocument } from "../restart-agents/reload-document.ts";
import { ROTATION_LOOK_MINUTES } from "./flow-alarm-conditions.ts";
import { MadeSecrets } from "./made-secrets.ts";
import { MirrorKey } from "./mirror-key.ts";
import { SecretRotation } from "./secret-rotation.ts";
import { TimeRule } from "./time-rule.ts";
import type { WorkQueue } from "./work-queue.ts";
import { WrappedAccess } from "./wrapped-access.ts";

export interface TokenRotationProps {
  readonly rotate: RotateConfig;
  readonly deployment: string;
  /** rotate-tokens, and its queue. */
  readonly function: LambdaFunction;
  readonly work: WorkQueue;
  readonly role: IRole;
  /** The roles of Drover's other functions that read a secret. */
  readonly readersOf: (secret: string) => readonly IRole[];
}

const LOOK_INTERVAL = Duration.minutes(ROTATION_LOOK_MINUTES);

/** All that is around rotate-tokens, as far as the rotations that are configured need it. */
export class TokenRotation extends Construct {
  /** The key of the parameters that it makes, if there are any. */
  readonly mirrorKey?: IKey;
  /** For the role of machines that are given wrapped values, if any are. */
  readonly wrappedPolicy?: IManagedPolicy;
  /** The key of the secrets that the stack makes, if there are any. */
  readonly secretKey?: IKey;

  constructor(scope: Construct, id: string, props: TokenRotationProps) {
    super(scope, id);
    const { rotate, deployment, function: fn, work, role, readersOf } = props;
    const published = rotate.of.filter(isPublished);
    new TimeRule(this, "Look", { starts: "rotate-tokens", work, interval: LOOK_INTERVAL });
    const rotations = published.filter(({ make }) => make);
    const made =
      rotations.length > 0
        ? new MadeSecrets(this, "Secrets", { rotations, deployment, rotator: role, readersOf })
        : undefined;
    if (made) this.secretKey = made.key;
    new SecretRotation(this, "Schedules", { rotate, function: fn, made });
    if (published.some(({ reload }) => reload)) {
      new ReloadDocument(this, "ReloadAgents", { name: deployment, rotate });
    }
    const paths = wrappedOf(published).map(({ path }) => path);
    if (paths.length > 0 || published.some(({ parameter }) => parameter)) {
      this.mirrorKey = new MirrorKey(this, "ParameterKey", deployment);
    }
    if (paths.length > 0 && this.mirrorKey) {
      const props = { paths, key: this.mirrorKey, deployment };
      this.wrappedPolicy = new WrappedAccess(this, "WrappedAccess", props).policy;
    }
  }
}
