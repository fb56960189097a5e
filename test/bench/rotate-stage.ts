import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { ROTATED_TOKEN_ROLE, setUpForRotation } from "../../local/vault/rotation-setup.ts";
import { CallCounts } from "../helpers/call-counts.ts";

/** A consumer reads its secret and renews its token so often. */
const CONSUMER_SECONDS = 60;
/** Until its first renewal a token lives for so long. */
const FIRST_LIFE_SECONDS = 3_600;

/** How long something took. */
export interface Took {
  /** The machine's time, without the consumers'. */
  readonly seconds: number;
  readonly virtualSeconds: number;
}

/** Tokens that are used, each by a consumer of its own, and are the values of secrets. */
export interface RotateStage {
  readonly clock: VirtualClock;
  readonly aws: AwsModel;
  readonly vault: VaultModel;
  /** What Drover logs in to Vault with. */
  readonly login: { readonly roleId: string; readonly secretId: string };
  readonly secrets: readonly string[];
  /** Counts what goes through `secretsManager` and `transport`: nothing of the consumers. */
  readonly counts: CallCounts;
  readonly transport: ReturnType<typeof inProcessVault>;
  readonly secretsManager: SecretsManagerClient;
  /**
   * Lets time pass until all secrets hold another token than at first, which lives, and the first ones are dead.
   * @throws when that takes longer than the limit, or a consumer was refused.
   */
  untilRotated(limitSeconds: number): Promise<void>;
}

/** Sets the stage. Time is virtual. */
export function rotateStage(count: number): RotateStage {
  const clock = new VirtualClock();
  const aws = new AwsModel({ clock });
  const vault = new VaultModel(clock);
  const login = setUpForRotation(vault);
  const counts = new CallCounts();
  const uncounted = inProcessVault(vault);
  const refusals: string[] = [];
  const first = new Map<string, string>();
  for (let n = 0; n < count; n++) {
    const secret = `nomad/vault-token-${n}`;
    const token = vault.createToken({
      policies: ["default", "user"],
      role: ROTATED_TOKEN_ROLE,
      ttlSeconds: FIRST_LIFE_SECONDS,
    });
    first.set(secret, token);
    aws.secrets.create(secret, token);
    startConsumer(secret, CONSUMER_SECONDS * (n / count));
  }

  function current(secret: string): string {
    const { value } = aws.secrets.get(secret);
    return value.startsWith("{") ? JSON.parse(value).token : value;
  }

  function isRotated(): boolean {
    const living = new Set(vault.liveTokens().map(({ id }) => id));
    return [...first].every(([secret, token]) => !living.has(token) && living.has(current(secret)));
  }

  function startConsumer(secret: string, afterSeconds: number): void {
    const renew = async () => {
      const headers = { "X-Vault-Token": current(secret) };
      const path = "/v1/auth/token/renew-self";
      const { status } = await uncounted.send({ method: "POST", path, headers, body: "{}" });
      if (status !== 200) refusals.push(`${clock.now().toISOString()} ${secret}: ${status}`);
      clock.at(plusSeconds(clock.now(), CONSUMER_SECONDS), renew);
    };
    clock.at(plusSeconds(clock.now(), afterSeconds), renew);
  }

  return {
    clock,
    aws,
    vault,
    login,
    secrets: [...first.keys()],
    counts,
    transport: counts.transport("vault", uncounted),
    secretsManager: new SecretsManagerClient(counts.sdkOptions("secrets-manager", aws)),
    async untilRotated(limitSeconds) {
      for (let seconds = 0; seconds < limitSeconds; seconds++) {
        if (isRotated()) break;
        await clock.advance(1);
      }
      if (!isRotated())
        throw new Error(`not all are rotated after ${limitSeconds} virtual seconds`);
      if (refusals.length > 0) throw new Error(`consumers were refused: ${refusals.join("; ")}`);
    },
  };
}

/** Calls to the servers. */
export interface Calls {
  readonly vault: number;
  readonly secretsManager: number;
}

/** Those that were made since they were last counted anew. */
export function callsOf({ counts }: RotateStage): Calls {
  return { vault: counts.of("vault"), secretsManager: counts.of("secrets-manager") };
}
