import { RemovalPolicy } from "aws-cdk-lib";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { PublishedRotation } from "../../lambdas/contracts/config/rotate.ts";
import { MadeSecret } from "./made-secret.ts";

export interface MadeSecretsProps {
  readonly rotations: readonly PublishedRotation[];
  readonly deployment: string;
  /** The role of rotate-tokens. */
  readonly rotator: IRole;
  /** The roles of Drover's other functions that read a secret. */
  readonly readersOf: (secret: string) => readonly IRole[];
}

/**
 * The secrets that a configuration has the stack make, and their key. Who may use the key, the identity policies
 * of the account say, and the key's own of those who read: nobody gets at what it opens but through a secret's
 * policy.
 */
export class MadeSecrets extends Construct {
  readonly key: Key;
  readonly #secrets = new Map<string, MadeSecret>();

  constructor(scope: Construct, id: string, props: MadeSecretsProps) {
    super(scope, id);
    const { rotations, deployment, rotator, readersOf } = props;
    this.key = new Key(this, "Key", {
      alias: `alias/${deployment}-rotated-secrets`,
      description: `Secrets that ${deployment}-rotate-tokens gives their values`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    for (const { secret, make } of rotations) {
      if (!make) continue;
      const ours = readersOf(secret).map(({ roleArn }) => roleArn);
      const made = new MadeSecret(this, secret, {
        secret,
        key: this.key,
        rotator,
        readers: [...make.readers, ...ours],
        operators: make.operators,
      });
      this.#secrets.set(secret, made);
    }
  }

  /** One that is made here, for what has to wait for it. */
  find(secret: string): MadeSecret | undefined {
    return this.#secrets.get(secret);
  }
}
