import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { ArnPrincipal, type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { PublishedRotation } from "../../lambdas/contracts/config/rotate.ts";
import { secretArn } from "../permissions/secret-arn.ts";
import { MadeSecret } from "./made-secret.ts";

export interface MadeSecretsProps {
  readonly rotations: readonly PublishedRotation[];
  readonly deployment: string;
  /** The role of rotate-tokens. */
  readonly rotator: IRole;
  /** The roles of Drover's other functions that read a secret. */
  readonly readersOf: (secret: string) => readonly IRole[];
}

/** Some readers, and the secrets that all of them read. */
interface ReadByThem {
  readonly readers: readonly string[];
  readonly secrets: readonly string[];
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
    const readBy = new Map<string, ReadByThem>();
    for (const { secret, make } of rotations) {
      if (!make) continue;
      const ours = readersOf(secret).map(({ roleArn }) => roleArn);
      const readers = [...new Set([...make.readers, ...ours])].sort();
      const made = new MadeSecret(this, secret, {
        secret,
        key: this.key,
        rotator,
        readers,
        operators: make.operators,
      });
      this.#secrets.set(secret, made);
      const { secrets = [] } = readBy.get(readers.join()) ?? {};
      readBy.set(readers.join(), { readers, secrets: [...secrets, secret] });
    }
    for (const each of readBy.values()) {
      if (each.readers.length > 0) this.key.addToResourcePolicy(decryptThem(this, each));
    }
  }

  /** One that is made here, for what has to wait for it. */
  find(secret: string): MadeSecret | undefined {
    return this.#secrets.get(secret);
  }
}

// One for all secrets of the same readers: a key's policy has 32,768 characters.
function decryptThem(scope: Construct, { readers, secrets }: ReadByThem): PolicyStatement {
  return new PolicyStatement({
    principals: readers.map((arn) => new ArnPrincipal(arn)),
    actions: ["kms:Decrypt"],
    resources: ["*"],
    conditions: {
      StringEquals: { "kms:ViaService": `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
      // Named as they will be: a secret has to know the key, and not the key the secret.
      StringLike: {
        "kms:EncryptionContext:SecretARN": secrets.map((secret) => secretArn(scope, secret)),
      },
    },
  });
}
